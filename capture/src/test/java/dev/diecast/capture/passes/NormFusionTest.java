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
import org.junit.jupiter.api.Test;

/** {@code fuse-norm} and {@code fuse-last-norm}. */
class NormFusionTest {
  private static final double EPS = 1e-5;

  private final SmallModel model = new SmallModel().vector("norm.weight", 8);

  @Test
  void normGoesIntoEachOfItsReaders() {
    model.matrix("router", 8, 4).matrix("gate", 8, 8, 4).matrix("up", 8, 8, 4).matrix("a", 8, 8);
    Graph traced =
        model.trace((t, x) -> {
          Value h = t.rmsNorm(x, "norm", EPS);
          Tracer.Routing chosen =
              t.route(t.linear(h, "router", 4), 1, Op.Gating.SOFTMAX, true, 1, false, "route");
          Value gate = t.expertLinear(h, chosen.ids(), "gate", 4, 8, 0, 8, "gate");
          Value up = t.expertLinear(h, chosen.ids(), "up", 4, 8, 0, 8, "up");
          Value gated = t.mul(t.silu(gate, "silu"), up, "gated");
          Value y = t.expertCombine(gated, chosen.weights(), "combine");
          return t.mul(y, t.add(x, t.linear(h, "a", 8), "sum"), "product");
        });
    Graph before =
        pass("fuse-residual", pass("fuse-expert-gate-up", pass("legalize-gate", traced, 1), 1), 1);
    Graph after = pass("fuse-norm", before, 3);
    assertThat(ops(after))
        .containsExactly(
            "Embed",
            "Linears",
            "Route",
            "ExpertGateUp",
            "ExpertCombine",
            "Linears",
            "Mul",
            "Linear",
            "Sample");
    Value x = value(before, "embd");
    Node router = after.nodes().get(1);
    assertThat(router.inputs()).containsExactly(x);
    assertThat(((FusedOp.Linears) router.op()).norm())
        .containsExactly(new FusedOp.Norm(norm(before).weight(), EPS));
    assertThat(router.sources()).containsExactly("norm", "router");
    Node experts = after.nodes().get(3);
    assertThat(experts.inputs().getFirst()).isEqualTo(x);
    assertThat(((FusedOp.ExpertGateUp) experts.op()).norm()).hasSize(1);
    assertThat(experts.sources()).containsExactly("norm", "gate", "up", "silu", "gated");
    assertThat(after.nodes().get(5).inputs()).containsExactly(x, x);
  }

  private static Op.RmsNorm norm(Graph graph) {
    return (Op.RmsNorm) only(graph, Op.RmsNorm.class).op();
  }

  @Test
  void joinedLinearsAreNormedOnce() {
    model.matrix("a", 8, 8).matrix("b", 8, 8);
    Graph traced =
        model.trace((t, x) -> {
          Value h = t.rmsNorm(x, "norm", EPS);
          return t.mul(t.linear(h, "a", 8), t.linear(h, "b", 8), "product");
        });
    Graph after = pass("fuse-norm", pass("fuse-linear-join", traced, 1), 1);
    assertThat(ops(after)).containsExactly("Embed", "Linears", "Mul", "Linear", "Sample");
    assertThat(after.nodes().get(1).sources()).containsExactly("norm", "a", "b");
  }

  @Test
  void normThatAnythingElseReadsStays() {
    model.matrix("a", 8, 8);
    leaves(
        "fuse-norm",
        model.trace((t, x) -> {
          Value h = t.rmsNorm(x, "norm", EPS);
          return t.mul(t.linear(h, "a", 8), h, "product");
        }));
  }

  @Test
  void normThatIsAlsoTheResidualStays() {
    model.matrix("a", 8, 8);
    Graph traced =
        model.trace((t, x) -> {
          Value h = t.rmsNorm(x, "norm", EPS);
          return t.add(h, t.linear(h, "a", 8), "sum");
        });
    leaves("fuse-norm", pass("fuse-residual", traced, 1));
  }

  @Test
  void normOfANormGoesAlone() {
    model.vector("second.weight", 8);
    Graph before = model.trace((t, x) -> t.rmsNorm(t.rmsNorm(x, "norm", EPS), "second", EPS));
    Graph after = pass("fuse-norm", before, 1);
    assertThat(ops(after)).containsExactly("Embed", "RmsNorm", "Linears", "Sample");
  }

  @Test
  void expertsApplyOneNorm() {
    model.vector("second.weight", 8).matrix("router", 8, 4);
    model.matrix("gate", 8, 8, 4).matrix("up", 8, 8, 4);
    Graph traced =
        model.trace((t, x) -> {
          Tracer.Routing chosen =
              t.route(t.linear(x, "router", 4), 1, Op.Gating.SOFTMAX, true, 1, false, "route");
          Value h = t.rmsNorm(t.rmsNorm(x, "norm", EPS), "second", EPS);
          Value gate = t.expertLinear(h, chosen.ids(), "gate", 4, 8, 0, 8, "gate");
          Value up = t.expertLinear(h, chosen.ids(), "up", 4, 8, 0, 8, "up");
          return t.mul(t.silu(gate, "silu"), up, "gated");
        });
    Graph before = pass("fuse-expert-gate-up", pass("legalize-gate", traced, 1), 1);
    Graph after = pass("fuse-norm", before, 1);
    assertThat(((Op.RmsNorm) only(after, Op.RmsNorm.class).op()).weight().name())
        .isEqualTo("norm.weight");
  }

  @Test
  void normOfSeveralRowsStays() {
    SmallModel heads = new SmallModel().vector("norm.weight", 4).matrix("a", 4, 4);
    leaves(
        "fuse-norm",
        heads.trace((t, x) -> {
          Value rows = t.rmsNorm(t.reshape(x, 2, 4, "rows"), "norm", EPS);
          return t.reshape(t.linear(rows, "a", 4), 1, 8, "flat");
        }));
  }

  private Graph last() {
    Graph traced = model.trace((t, x) -> t.lastToken(t.rmsNorm(x, "norm", EPS)));
    return pass("legalize-last-norm", pass("legalize-last-token", traced, 1), 1);
  }

  @Test
  void headComputesTheLastTokenAlone() {
    Graph after = pass("fuse-last-norm", last(), 1);
    assertThat(ops(after)).containsExactly("Embed", "Linears", "Sample");
    FusedOp.Linears op = (FusedOp.Linears) after.nodes().get(1).op();
    assertThat(op.lastOnly()).isTrue();
    assertThat(op.norm()).hasSize(1);
    assertThat(op.sources()).containsExactly("last_token", "norm", "head");
    assertThat(after.nodes().get(1).output()).isEqualTo(after.logits());
    leaves("fuse-norm", after);
  }

  @Test
  void lastNormIsNoOrdinaryNorm() {
    leaves("fuse-norm", last());
  }

  @Test
  void linearOfTheLastTokenWithAResidualStays() {
    model.matrix("a", 8, 8);
    Graph traced =
        model.trace((t, x) -> {
          Value h = t.rmsNorm(t.lastToken(x), "norm", EPS);
          return t.add(x, t.linear(h, "a", 8), "sum");
        });
    Graph before = pass("fuse-residual", pass("legalize-last-norm", traced, 1), 1);
    leaves("fuse-last-norm", before);
  }
}
