package dev.diecast.capture.passes;

import static dev.diecast.capture.passes.SmallModel.leaves;
import static dev.diecast.capture.passes.SmallModel.only;
import static dev.diecast.capture.passes.SmallModel.pass;
import static dev.diecast.capture.passes.SmallModel.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import org.junit.jupiter.api.Test;

/** {@code fuse-expert-down}. */
class DownFusionTest {
  private final SmallModel model =
      new SmallModel().matrix("router", 8, 4).matrix("in", 8, 6, 4).matrix("down", 6, 8, 4);

  /** What follows the experts' weighted sum, from the token and the sum. */
  @FunctionalInterface
  private interface Tail {
    Value trace(Tracer t, Value x, Value combined);
  }

  private Graph experts(Tail tail) {
    return model.trace((t, x) -> {
      Tracer.Routing chosen =
          t.route(t.linear(x, "router", 4), 2, Op.Gating.SOFTMAX, true, 1, false, "route");
      Value h = t.expertLinear(x, chosen.ids(), "in", 4, 6, 0, 6, "in");
      Value down = t.expertLinear(h, chosen.ids(), "down", 4, 8, 0, 8, "down");
      return tail.trace(t, x, t.expertCombine(down, chosen.weights(), "combine"));
    });
  }

  @Test
  void downTakesInTheSumTheSharedExpertsAndTheResidual() {
    model.matrix("shared", 8, 8);
    Graph traced =
        experts((t, x, y) -> t.add(x, t.add(y, t.linear(x, "shared", 8), "with"), "residual"));
    Graph before = pass("fuse-experts", traced, 2);
    Graph after = pass("fuse-expert-down", before, 1);
    Node down = only(after, FusedOp.ExpertDown.class);
    FusedOp.ExpertDown op = (FusedOp.ExpertDown) down.op();
    assertThat(op.down().weight().name()).isEqualTo("down.weight");
    assertThat(op.shared().getFirst().name()).isEqualTo("shared.weight");
    assertThat(op.residual()).isTrue();
    Value x = value(before, "embd");
    Node route = only(before, Op.Route.class);
    assertThat(down.inputs())
        .containsExactly(
            value(before, "in"), route.outputs().getFirst(), route.outputs().getLast(), x, x);
    assertThat(down.sources()).containsExactly("down", "shared", "combine", "with", "residual");
    assertThat(down.label()).isEqualTo("down+shared");
    leaves("fuse-expert-down", after);
  }

  @Test
  void sumWithoutAnythingElseIsFusedToo() {
    Graph before = experts((t, x, y) -> y);
    FusedOp.ExpertDown op =
        (FusedOp.ExpertDown)
            only(pass("fuse-expert-down", before, 1), FusedOp.ExpertDown.class).op();
    assertThat(op.shared()).isEmpty();
    assertThat(op.residual()).isFalse();
  }

  @Test
  void residualAloneIsFused() {
    Graph before = pass("fuse-experts", experts((t, x, y) -> t.add(x, y, "sum")), 1);
    Node down = only(pass("fuse-expert-down", before, 1), FusedOp.ExpertDown.class);
    assertThat(((FusedOp.ExpertDown) down.op()).residual()).isTrue();
    assertThat(down.inputs()).hasSize(4).endsWith(value(before, "embd"));
  }

  @Test
  void sharedExpertsWithBiasStay() {
    model.matrix("shared", 8, 8).vector("shared.bias", 8);
    Graph traced =
        experts((t, x, y) -> t.add(y, t.addBias(t.linear(x, "shared", 8), "shared"), "with"));
    leaves("fuse-expert-down", pass("fuse-experts", pass("fuse-bias", traced, 1), 1));
  }

  @Test
  void downThatOthersReadStays() {
    Graph before =
        model.trace((t, x) -> {
          Tracer.Routing chosen =
              t.route(t.linear(x, "router", 4), 1, Op.Gating.SOFTMAX, true, 1, false, "route");
          Value h = t.expertLinear(x, chosen.ids(), "in", 4, 6, 0, 6, "in");
          Value down = t.expertLinear(h, chosen.ids(), "down", 4, 8, 0, 8, "down");
          return t.mul(t.expertCombine(down, chosen.weights(), "combine"), down, "product");
        });
    leaves("fuse-expert-down", before);
  }

  @Test
  void downOfOneRowForAllSlotsStays() {
    SmallModel flat = new SmallModel().matrix("router", 8, 4).matrix("down", 8, 8, 4);
    leaves(
        "fuse-expert-down",
        flat.trace((t, x) -> {
          Tracer.Routing chosen =
              t.route(t.linear(x, "router", 4), 2, Op.Gating.SOFTMAX, true, 1, false, "route");
          Value down = t.expertLinear(x, chosen.ids(), "down", 4, 8, 0, 8, "down");
          return t.expertCombine(down, chosen.weights(), "combine");
        }));
  }
}
