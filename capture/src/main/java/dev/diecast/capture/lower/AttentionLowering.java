package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;
import static dev.diecast.capture.lower.StepContext.row;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import java.util.List;

/**
 * RoPE, the KV cache and attention. What attention moves and computes depends on the position; its
 * costs are stated for a full cache.
 */
final class AttentionLowering {
  /** What a split keeps beside its values: maximum and sum. */
  private static final int SPLIT_HEADER = 2;

  private AttentionLowering() {}

  static Draft angles(Op.RopeAngles op, Node node, StepContext step) {
    Layout y = row(step.output(node), node);
    int rotated = 2 * op.inverseFrequencies().size();
    require(
        y.elements() == rotated && y.tokenStride() == rotated, node, "two values per frequency");
    Span frequencies = step.constants().span(op.inverseFrequencies());
    return step.call("rope_angles", node)
        .bind("inv_freq", frequencies, frequencies.bytes())
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("n_rot", rotated)
        .arg("magnitude", op.magnitude())
        .flops((long) y.tokens() * rotated)
        .build();
  }

  static Draft rope(Op.Rope op, Node node, StepContext step) {
    Layout x = step.input(node, 0);
    Layout angles = step.input(node, 1);
    Layout y = step.output(node);
    ElementLowering.requireSameShape(x, y, node);
    require(
        op.nRot() <= x.width()
            && angles.elements() == op.nRot()
            && angles.tokenStride() == op.nRot(),
        node,
        "it rotates " + op.nRot() + " of " + x.width() + " columns by " + angles.elements());
    return step.call("rope", node)
        .bind("x", x)
        .bind("angles", angles)
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("heads", x.rows())
        .arg("n", x.width())
        .arg("n_rot", op.nRot())
        .arg("neox", op.neox() ? 1 : 0)
        .strides("x", "head", x)
        .strides("y", "head", y)
        .flops(3L * x.rows() * op.nRot() * y.tokens())
        .build();
  }

  static Draft write(Op.KvWrite op, Node node, StepContext step) {
    Layout x = row(step.input(node, 0), node);
    require(
        x.elements() == op.cache().width(), node, op.cache().name() + " rows have another width");
    return step.call("kv_write", node)
        .bind("x", x)
        .bind("cache", step.caches().span(op.cache()), x.elements() * x.tokens() * KvTable.ELEMENT)
        .arg("n_tokens", x.tokens())
        .arg("n", x.elements())
        .stride("x", x)
        .arg("row_stride", op.cache().width())
        .arg("capacity", step.caches().capacity())
        .build();
  }

  static List<Draft> attention(Op.Attention op, Node node, StepContext step) {
    Layout q = step.input(node, 0);
    Layout y = step.output(node);
    requireHeads(op, q, node);
    require(y.rows() == q.rows() && y.width() == op.dv(), node, "its result has the wrong shape");
    Layout partial = partial(op, node, step, q);
    return List.of(splits(op, node, step, q, partial), combine(op, node, step, partial, y));
  }

  /** Fails unless the heads fit together and the caches hold them. */
  static void requireHeads(Op.Attention op, Layout q, Node node) {
    require(q.width() == op.dk(), node, "its operand has the wrong shape");
    require(
        op.kvHeads() > 0 && q.rows() % op.kvHeads() == 0,
        node,
        q.rows() + " heads cannot share " + op.kvHeads() + " kv heads");
    require(
        (long) op.kvHeads() * op.dk() <= op.k().width()
            && (long) op.kvHeads() * op.dv() <= op.v().width(),
        node,
        "its cache rows are too short");
  }

  /** Scratch for the results of the splits. */
  static Layout partial(Op.Attention op, Node node, StepContext step, Layout q) {
    int partRows = Math.multiplyExact(q.rows(), step.splits(op, q.rows()));
    int partWidth = op.dv() + SPLIT_HEADER;
    Region region =
        new Region.Scratch(
            node.label() + ".partial", Layout.denseBytes(q.tokens(), partRows, partWidth));
    return Layout.dense(region, q.tokens(), partRows, partWidth);
  }

  /** Binds the caches and states what every kernel does that attends to them. */
  static void context(Op.Attention op, Layout q, KernelCall call, StepContext step) {
    long capacity = step.caches().capacity();
    long keyBytes = (long) op.kvHeads() * op.dk() * capacity * KvTable.ELEMENT;
    boolean shared = op.k().equals(op.v());
    long valueBytes = shared ? 0 : (long) op.kvHeads() * op.dv() * capacity * KvTable.ELEMENT;
    call.bind("k", step.caches().span(op.k(), (long) op.kvHeads() * op.dk()), keyBytes)
        .bind("v", step.caches().span(op.v(), (long) op.kvHeads() * op.dv()), valueBytes)
        .arg("n_tokens", q.tokens())
        .arg("heads", q.rows())
        .arg("kv_heads", op.kvHeads())
        .arg("dk", op.dk())
        .arg("dv", op.dv())
        .arg("k_row_stride", op.k().width())
        .arg("k_head_stride", op.dk())
        .arg("v_row_stride", op.v().width())
        .arg("v_head_stride", op.dv())
        .arg("splits", step.splits(op, q.rows()))
        .arg("capacity", capacity)
        .arg("scale", op.scale())
        .flops(LinearLowering.products((long) q.rows() * q.tokens(), capacity, op.dk() + op.dv()));
  }

  /** Operations of joining the splits. */
  static long joins(Op.Attention op, Layout q, StepContext step) {
    return LinearLowering.products(
        (long) q.rows() * q.tokens(), step.splits(op, q.rows()), op.dv());
  }

  private static Draft splits(
      Op.Attention op, Node node, StepContext step, Layout q, Layout partial) {
    KernelCall call =
        step.call("attention", node).bind("q", q).bind("partial", partial).strides("q", "head", q);
    context(op, q, call, step);
    return call.build();
  }

  private static Draft combine(
      Op.Attention op, Node node, StepContext step, Layout partial, Layout y) {
    return step.call("attention_combine", node, node.label() + ".combine")
        .bind("partial", partial)
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("heads", y.rows())
        .arg("dv", op.dv())
        .arg("splits", step.splits(op, y.rows()))
        .strides("y", "head", y)
        .flops(joins(op, y, step))
        .build();
  }
}
