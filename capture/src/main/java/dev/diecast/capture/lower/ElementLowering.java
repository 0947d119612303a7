package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;
import static dev.diecast.capture.lower.StepContext.row;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;

/** Norms, activations and sums. */
final class ElementLowering {
  private ElementLowering() {}

  static Draft norm(TensorInfo weight, double eps, boolean last, Node node, StepContext step) {
    Layout x = step.input(node, 0);
    Layout y = step.output(node);
    requireSameShape(x, y, node);
    step.weights().requireVector(weight, x.width());
    return step.call("rms_norm", node)
        .weights("w", step.weights().span(weight), weight.bytes())
        .bind("x", x)
        .bind("y", y)
        .arg("n_tokens", x.tokens())
        .arg("heads", x.rows())
        .arg("n", x.width())
        .strides("x", "head", x)
        .strides("y", "head", y)
        .arg("last_only", last ? 1 : 0)
        .arg("eps", eps)
        .flops(4 * y.elements() * y.tokens())
        .build();
  }

  /** Lets a kernel norm the row of that many values which it reads, if there is a norm. */
  static void foldNorm(
      List<FusedOp.Norm> norm, Layout x, int tokens, KernelCall call, StepContext step) {
    call.arg("eps", norm.isEmpty() ? 0 : norm.getFirst().eps());
    for (FusedOp.Norm folded : norm) {
      normWeights("norm", folded, x, tokens, call, step);
    }
  }

  /** Binds the weights of a norm of each row of x, and counts its operations. */
  static void normWeights(
      String slot, FusedOp.Norm norm, Layout x, int tokens, KernelCall call, StepContext step) {
    step.weights().requireVector(norm.weight(), x.width());
    call.weights(slot, step.weights().span(norm.weight()), norm.weight().bytes())
        .flops(4 * x.elements() * tokens);
  }

  static Draft siluMul(Node node, StepContext step) {
    Layout gate = step.input(node, 0);
    Layout up = step.input(node, 1);
    Layout y = step.output(node);
    requireSameShape(gate, y, node);
    requireSameShape(up, y, node);
    return step.call("silu_mul", node)
        .bind("gate", gate)
        .bind("up", up)
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("n_slots", y.rows())
        .arg("n", y.width())
        .strides("gate", "slot", gate)
        .strides("up", "slot", up)
        .strides("y", "slot", y)
        .flops(5 * y.elements() * y.tokens())
        .build();
  }

  static Draft add(Node node, StepContext step) {
    Layout a = row(step.input(node, 0), node);
    Layout b = row(step.input(node, 1), node);
    Layout y = row(step.output(node), node);
    requireSameShape(a, y, node);
    requireSameShape(b, y, node);
    return step.call("add", node)
        .bind("a", a)
        .bind("b", b)
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("n", y.elements())
        .stride("a", a)
        .stride("b", b)
        .stride("y", y)
        .flops(y.elements() * y.tokens())
        .build();
  }

  static Draft addBias(Op.AddBias op, Node node, StepContext step) {
    Layout x = row(step.input(node, 0), node);
    Layout y = row(step.output(node), node);
    requireSameShape(x, y, node);
    step.weights().requireVector(op.bias(), y.elements());
    return step.call("add_bias", node)
        .bind("x", x)
        .weights("bias", step.weights().span(op.bias()), op.bias().bytes())
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("n", y.elements())
        .stride("x", x)
        .stride("y", y)
        .flops(y.elements() * y.tokens())
        .build();
  }

  static void requireSameShape(Layout a, Layout b, Node node) {
    require(
        a.rows() == b.rows() && a.width() == b.width(),
        node,
        a.rows() + " x " + a.width() + " does not match " + b.rows() + " x " + b.width());
  }
}
