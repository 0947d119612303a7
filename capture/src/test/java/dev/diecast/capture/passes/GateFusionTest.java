package dev.diecast.capture.passes;

import static dev.diecast.capture.passes.SmallModel.leaves;
import static dev.diecast.capture.passes.SmallModel.only;
import static dev.diecast.capture.passes.SmallModel.ops;
import static dev.diecast.capture.passes.SmallModel.pass;
import static dev.diecast.capture.passes.SmallModel.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** {@code fuse-gate-up} and {@code fuse-expert-gate-up}. */
class GateFusionTest {
  private final SmallModel model =
      new SmallModel().matrix("gate", 8, 6).matrix("up", 8, 6).matrix("down", 6, 8);

  /** A SwiGLU block of which the test makes the second factor. */
  private Graph dense(BiFunction<Tracer, Value, Value> up) {
    Graph traced =
        model.trace((t, x) -> {
          Value gate = t.silu(t.linear(x, "gate", 6), "silu");
          return t.linear(t.mul(gate, up.apply(t, x), "gated"), "down", 8);
        });
    return pass("legalize-gate", traced, 1);
  }

  @Test
  void gateAndUpAreOnePair() {
    Graph before = dense((t, x) -> t.linear(x, "up", 6));
    Graph after = pass("fuse-gate-up", before, 1);
    assertThat(ops(after)).containsExactly("Embed", "Linears", "Linear", "Linear", "Sample");
    Node pair = after.nodes().get(1);
    FusedOp.Linears op = (FusedOp.Linears) pair.op();
    assertThat(op.segments()).hasSize(1);
    assertThat(op.segments().getFirst().weight().name()).isEqualTo("gate.weight");
    assertThat(op.segments().getFirst().up().getFirst().name()).isEqualTo("up.weight");
    assertThat(op.norm()).isEmpty();
    assertThat(op.lastOnly()).isFalse();
    assertThat(pair.label()).isEqualTo("gate+up");
    assertThat(pair.sources()).containsExactly("gate", "up", "silu", "gated");
    assertThat(pair.output()).isEqualTo(value(before, "gated"));
  }

  @Test
  void gateAndUpOfDifferentValuesStay() {
    leaves("fuse-gate-up", dense((t, x) -> t.linear(t.add(x, x, "twice"), "up", 6)));
  }

  @Test
  void upWithBiasStays() {
    model.vector("up.bias", 6);
    Graph before = dense((t, x) -> t.addBias(t.linear(x, "up", 6), "up"));
    leaves("fuse-gate-up", before);
    leaves("fuse-gate-up", pass("fuse-bias", before, 1));
  }

  @Test
  void upThatOthersReadStays() {
    Graph before =
        pass(
            "legalize-gate",
            model.trace((t, x) -> {
              Value up = t.linear(x, "up", 6);
              Value gated = t.mul(t.silu(t.linear(x, "gate", 6), "silu"), up, "gated");
              return t.linear(t.add(gated, up, "sum"), "down", 8);
            }),
            1);
    leaves("fuse-gate-up", before);
  }

  /** Experts that read what the test makes of the token. */
  private static Graph experts(BiFunction<Tracer, Value, Value> operand) {
    SmallModel model =
        new SmallModel()
            .matrix("router", 8, 4)
            .matrix("gate", 8, 6, 4)
            .matrix("up", 8, 6, 4)
            .matrix("down", 6, 8, 4);
    Graph traced =
        model.trace((t, x) -> {
          Tracer.Routing chosen =
              t.route(t.linear(x, "router", 4), 2, Op.Gating.SOFTMAX, true, 1, false, "route");
          Value h = operand.apply(t, x);
          Value gate = t.expertLinear(x, chosen.ids(), "gate", 4, 6, 0, 6, "gate");
          Value up = t.expertLinear(h, chosen.ids(), "up", 4, 6, 0, 6, "up");
          Value gated = t.mul(t.silu(gate, "silu"), up, "gated");
          Value down = t.expertLinear(gated, chosen.ids(), "down", 4, 8, 0, 8, "down");
          return t.expertCombine(down, chosen.weights(), "combine");
        });
    return pass("legalize-gate", traced, 1);
  }

  @Test
  void expertsGateAndUpAreOne() {
    Graph before = experts((t, x) -> x);
    Graph after = pass("fuse-expert-gate-up", before, 1);
    Node fused = only(after, FusedOp.ExpertGateUp.class);
    FusedOp.ExpertGateUp op = (FusedOp.ExpertGateUp) fused.op();
    assertThat(op.gate().weight().name()).isEqualTo("gate.weight");
    assertThat(op.up().weight().name()).isEqualTo("up.weight");
    assertThat(fused.inputs())
        .containsExactly(value(before, "embd"), only(before, Op.Route.class).outputs().getFirst());
    assertThat(fused.sources()).containsExactly("gate", "up", "silu", "gated");
    assertThat(ops(after)).doesNotContain("SiluMul");
  }

  @Test
  void expertsOfDifferentValuesStay() {
    leaves("fuse-expert-gate-up", experts((t, x) -> t.add(x, x, "twice")));
  }
}
