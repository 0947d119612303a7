package dev.diecast.capture.lower;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.plans.PlanException;
import java.util.List;

/** Which kernels compute an operation. Views take none. */
final class OpLowering {
  private final StepContext step;

  OpLowering(StepContext step) {
    this.step = step;
  }

  /** The dispatches of a node, in order. */
  List<Draft> lower(Node node) {
    try {
      return select(node);
    } catch (ArithmeticException e) {
      throw new PlanException(node.label() + ": its sizes overflow", e);
    }
  }

  private List<Draft> select(Node node) {
    return switch (node.op()) {
      case Op.Reshape _ -> List.of();
      case Op.Slice _ -> List.of();
      case Op.Concat _ -> List.of();
      case Op.Embed op -> List.of(LinearLowering.embed(op, node, step));
      case Op.Linear op ->
          List.of(LinearLowering.linear(op.weight(), List.of(), false, node, step));
      case FusedOp.LinearSum op ->
          List.of(LinearLowering.linear(op.weight(), op.bias(), op.residual(), node, step));
      case Op.HeadLinear op -> List.of(LinearLowering.perHead(op, node, step));
      case Op.RmsNorm op -> List.of(ElementLowering.norm(op.weight(), op.eps(), false, node, step));
      case FusedOp.LastRmsNorm op ->
          List.of(ElementLowering.norm(op.weight(), op.eps(), true, node, step));
      case Op.AddBias op -> List.of(ElementLowering.addBias(op, node, step));
      case Op.Add _ -> List.of(ElementLowering.add(node, step));
      case FusedOp.SiluMul _ -> List.of(ElementLowering.siluMul(node, step));
      case Op.RopeAngles op -> List.of(AttentionLowering.angles(op, node, step));
      case Op.Rope op -> List.of(AttentionLowering.rope(op, node, step));
      case Op.KvWrite op -> List.of(AttentionLowering.write(op, node, step));
      case Op.Attention op -> AttentionLowering.attention(op, node, step);
      case Op.Route op -> List.of(ExpertLowering.route(op, node, step));
      case Op.ExpertLinear op -> List.of(ExpertLowering.linear(op, node, step));
      case Op.ExpertCombine _ -> List.of(ExpertLowering.combine(false, false, node, step));
      case FusedOp.ExpertSum op ->
          List.of(ExpertLowering.combine(op.residual(), op.shared(), node, step));
      case FusedOp.Linears op -> List.of(LinearsLowering.lower(op, node, step));
      case FusedOp.ExpertGateUp op -> List.of(ExpertGroupLowering.gateUp(op, node, step));
      case FusedOp.ExpertDown op -> List.of(ExpertGroupLowering.down(op, node, step));
      case FusedOp.HeadsPrepare op -> List.of(PrepareLowering.heads(op, node, step));
      case FusedOp.LatentPrepare op -> List.of(PrepareLowering.latent(op, node, step));
      case FusedOp.SplitAttention op -> List.of(SplitAttentionLowering.lower(op, node, step));
      case Op.Sample _ -> SampleLowering.sample(node, step);
      case Op.Mul _ -> throw alone(node, "a product must gate a silu");
      case Op.Silu _ -> throw alone(node, "a silu must gate a product");
      case Op.LastToken _ -> throw alone(node, "the last token must feed an RMSNorm");
    };
  }

  private static PlanException alone(Node node, String rule) {
    return new PlanException(node.label() + ": no kernel computes this; " + rule);
  }
}
