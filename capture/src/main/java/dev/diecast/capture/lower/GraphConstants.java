package dev.diecast.capture.lower;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Op;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;
import java.util.stream.Stream;

/** What a graph refers to outside itself. */
final class GraphConstants {
  private GraphConstants() {}

  /** Every tensor that a kernel will read, repeated as often as it is used. */
  static List<TensorInfo> tensors(Graph graph) {
    return graph.nodes().stream().flatMap(node -> tensors(node.op())).toList();
  }

  /** The inverse frequencies of every table of angles. */
  static List<List<Double>> frequencies(Graph graph) {
    return graph.nodes().stream()
        .map(node -> node.op() instanceof Op.RopeAngles op ? op.inverseFrequencies() : null)
        .filter(list -> list != null)
        .toList();
  }

  private static Stream<TensorInfo> tensors(Op op) {
    return switch (op) {
      case Op.Embed embed -> Stream.of(embed.table());
      case Op.RmsNorm norm -> Stream.of(norm.weight());
      case FusedOp.LastRmsNorm norm -> Stream.of(norm.weight());
      case Op.Linear linear -> Stream.of(linear.weight());
      case FusedOp.LinearSum sum -> Stream.concat(Stream.of(sum.weight()), sum.bias().stream());
      case Op.AddBias add -> Stream.of(add.bias());
      case Op.HeadLinear linear -> Stream.of(linear.weight());
      case Op.Route route -> route.bias().stream();
      case Op.ExpertLinear linear -> Stream.of(linear.weight());
      case FusedOp.Group group -> group.body().stream().flatMap(node -> tensors(node.op()));
      case Op.Add _,
          Op.Mul _,
          Op.Silu _,
          Op.Reshape _,
          Op.Slice _,
          Op.Concat _,
          Op.RopeAngles _,
          Op.Rope _,
          Op.KvWrite _,
          Op.Attention _,
          Op.ExpertCombine _,
          Op.LastToken _,
          Op.Sample _,
          FusedOp.SiluMul _,
          FusedOp.ExpertSum _ ->
          Stream.empty();
    };
  }
}
