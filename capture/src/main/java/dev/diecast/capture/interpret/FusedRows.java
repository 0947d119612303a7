package dev.diecast.capture.interpret;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Value;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.function.Function;

/** Fused operations, stated by the primitives that they stand for. */
final class FusedRows {
  private FusedRows() {}

  static double[] compute(
      FusedOp op,
      Node node,
      Function<Value, double[]> values,
      WeightRows weights,
      Matrices matrices) {
    double[] x = values.apply(node.inputs().getFirst());
    return switch (op) {
      case FusedOp.SiluMul _ -> Rows.mul(Rows.silu(x), values.apply(node.inputs().get(1)));
      case FusedOp.LastRmsNorm norm -> Rows.rmsNorm(x, weights.vector(norm.weight()), norm.eps());
      case FusedOp.LinearSum sum -> {
        double[] y = matrices.linear(sum.weight(), x, 1, node.output().width());
        for (TensorInfo bias : sum.bias()) {
          y = Rows.addBias(y, weights.vector(bias));
        }
        yield plus(y, node, 1, values);
      }
      case FusedOp.ExpertSum _ ->
          plus(Rows.expertCombine(x, values.apply(node.inputs().get(1))), node, 2, values);
      case FusedOp.Group _ -> throw new IllegalStateException("a group runs by its body");
    };
  }

  /** y plus all operands from that one on. */
  private static double[] plus(double[] y, Node node, int from, Function<Value, double[]> values) {
    double[] sum = y;
    for (Value addend : node.inputs().subList(from, node.inputs().size())) {
      sum = Rows.add(sum, values.apply(addend));
    }
    return sum;
  }
}
