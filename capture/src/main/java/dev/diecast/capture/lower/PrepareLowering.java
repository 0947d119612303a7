package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;
import static dev.diecast.capture.lower.StepContext.row;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;

/** What attention does to its operands before it starts, the new cache rows included. */
final class PrepareLowering {
  /** Operations of a rotation, per rotated value. */
  private static final long ROTATE = 3;

  private PrepareLowering() {}

  static Draft heads(FusedOp.HeadsPrepare op, Node node, StepContext step) {
    Layout q = step.input(node, 0);
    Layout k = step.input(node, 1);
    Layout v = step.input(node, 2);
    Layout angles = angles(op.rope(), 3, node, step);
    Layout y = step.output(node);
    ElementLowering.requireSameShape(q, y, node);
    require(
        k.width() == q.width() && v.rows() == k.rows() && q.rows() % k.rows() == 0,
        node,
        "its heads of q, k and v do not match");
    require(op.rope().nRot() <= q.width(), node, "it rotates more columns than there are");
    long rotated = Math.multiplyExact((long) op.rope().nRot(), q.rows() + k.rows());
    KernelCall call =
        step.call("heads_prepare", node)
            .bind("q", q)
            .bind("k", k)
            .bind("v", v)
            .bind("angles", angles)
            .bind("y", y)
            .arg("n_tokens", y.tokens())
            .arg("heads", q.rows())
            .arg("kv_heads", k.rows())
            .arg("dk", q.width())
            .arg("dv", v.width())
            .strides("q", "head", q)
            .strides("k", "head", k)
            .strides("v", "head", v)
            .strides("y", "head", y)
            .arg("k_row_stride", op.k().width())
            .arg("v_row_stride", op.v().width())
            .flops(Math.multiplyExact(ROTATE * rotated, y.tokens()));
    rotation(op.rope(), call);
    remember("k_cache", op.k(), k.elements(), y.tokens(), call, node, step);
    remember("v_cache", op.v(), v.elements(), y.tokens(), call, node, step);
    norms(op, q, k, call, node, step);
    return call.build();
  }

  private static void norms(
      FusedOp.HeadsPrepare op, Layout q, Layout k, KernelCall call, Node node, StepContext step) {
    double eps = 0;
    for (FusedOp.Norm norm : op.kNorm()) {
      ElementLowering.normWeights("k_norm", norm, k, k.tokens(), call, step);
      eps = norm.eps();
    }
    for (FusedOp.Norm norm : op.qNorm()) {
      ElementLowering.normWeights("q_norm", norm, q, q.tokens(), call, step);
      require(op.kNorm().isEmpty() || eps == norm.eps(), node, "its norms have different eps");
      eps = norm.eps();
    }
    call.arg("eps", eps);
  }

  static Draft latent(FusedOp.LatentPrepare op, Node node, StepContext step) {
    Layout q = step.input(node, 0);
    Layout kv = row(step.input(node, 1), node);
    Layout angles = angles(op.rope(), 2, node, step);
    Layout y = step.output(node);
    int rotated = op.rope().nRot();
    HeadMatrices w = HeadMatrices.of(op.absorb(), q.rows(), node, step);
    int latent = w.out();
    require(
        q.width() == w.in() + rotated
            && kv.elements() == (long) latent + rotated
            && y.rows() == q.rows()
            && y.width() == latent + rotated,
        node,
        op.absorb().weight().name() + " does not fit its operands and result");
    Layout compressed = kv.reshaped(1, latent + rotated).columns(0, latent);
    long turned = Math.multiplyExact((long) rotated, q.rows() + 1);
    KernelCall call =
        step.call("latent_prepare", node)
            .bind("q", q)
            .bind("kv", kv)
            .bind("angles", angles)
            .bind("y", y)
            .matrix("w", step.weights().requireRunnable(op.absorb().weight()), w.span(), w.read())
            .constant("transposed", op.absorb().transposed() ? 1 : 0)
            .arg("n_tokens", y.tokens())
            .arg("heads", q.rows())
            .arg("nope", w.in())
            .arg("latent", latent)
            .strides("q", "head", q)
            .stride("kv", kv)
            .strides("y", "head", y)
            .arg("row_stride", op.cache().width())
            .arg("row_bytes", op.absorb().weight().rowBytes())
            .arg("head_bytes", w.headBytes())
            .arg("eps", op.norm().eps())
            .flops(w.flops(y.tokens()))
            .flops(Math.multiplyExact(ROTATE * turned, y.tokens()));
    rotation(op.rope(), call);
    ElementLowering.normWeights("norm", op.norm(), compressed, y.tokens(), call, step);
    remember("cache", op.cache(), kv.elements(), y.tokens(), call, node, step);
    return call.build();
  }

  private static Layout angles(Op.Rope rope, int input, Node node, StepContext step) {
    Layout angles = step.input(node, input);
    require(
        angles.elements() == rope.nRot() && angles.tokenStride() == rope.nRot(),
        node,
        "it rotates " + rope.nRot() + " columns by " + angles.elements());
    return angles;
  }

  private static void rotation(Op.Rope rope, KernelCall call) {
    call.arg("n_rot", rope.nRot()).arg("neox", rope.neox() ? 1 : 0);
  }

  private static void remember(
      String slot,
      CacheRef cache,
      long elements,
      int tokens,
      KernelCall call,
      Node node,
      StepContext step) {
    require(cache.width() == elements, node, cache.name() + " rows have another width");
    call.bind(slot, step.caches().span(cache), elements * tokens * KvTable.ELEMENT)
        .arg("capacity", step.caches().capacity());
  }
}
