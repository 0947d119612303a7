package dev.diecast.capture.passes;

import static dev.diecast.capture.passes.SmallModel.leaves;
import static dev.diecast.capture.passes.SmallModel.named;
import static dev.diecast.capture.passes.SmallModel.ops;
import static dev.diecast.capture.passes.SmallModel.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import dev.diecast.plans.PlanException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule on the smallest graph that has its pattern: before and after. */
class RulesTest {
  private final SmallModel model = new SmallModel();

  @Test
  void reshapeOfReshapeIsOneReshape() {
    Graph before =
        model.trace((t, x) -> t.reshape(t.reshape(t.reshape(x, 2, 4, "a"), 4, 2, "b"), 1, 8, "c"));
    Graph after = live(pass("canonicalize-reshape", before, 3));
    assertThat(ops(after)).containsExactly("Embed", "Linear", "Sample");
  }

  @Test
  void sliceOfSliceAddsUp() {
    model.matrix("down", 2, 8);
    Graph before =
        model.trace((t, x) -> t.linear(t.slice(t.slice(x, 2, 8, "a"), 1, 3, "b"), "down", 8));
    Graph after = live(pass("canonicalize-slice", before, 1));
    assertThat(after.nodes().get(1).op()).isEqualTo(new Op.Slice(3, 5));
    assertThat(ops(after)).containsExactly("Embed", "Slice", "Linear", "Linear", "Sample");
  }

  @Test
  void equalExpressionsAreComputedOnce() {
    Graph before = model.trace((t, x) -> t.add(t.silu(x, "a"), t.silu(x, "b"), "sum"));
    Graph after = pass("canonicalize-common", before, 1);
    assertThat(ops(after)).containsExactly("Embed", "Silu", "Add", "Linear", "Sample");
    Node add = after.nodes().get(2);
    assertThat(add.inputs().getFirst()).isEqualTo(add.inputs().getLast());
  }

  @Test
  void valueThatNothingReadsIsDropped() {
    Graph before =
        model.trace((t, x) -> {
          t.silu(t.silu(x, "a"), "b");
          return x;
        });
    assertThat(ops(pass("canonicalize-dead-code", before, 2)))
        .containsExactly("Embed", "Linear", "Sample");
  }

  @Test
  void lastTokenMovesBeforeItsNormAndJoinsIt() {
    model.vector("norm.weight", 8);
    Graph before = model.trace((t, x) -> t.lastToken(t.rmsNorm(x, "norm", 1e-5)));
    Graph hoisted = pass("legalize-last-token", before, 1);
    assertThat(ops(hoisted)).containsExactly("Embed", "LastToken", "RmsNorm", "Linear", "Sample");
    Graph after = pass("legalize-last-norm", hoisted, 1);
    assertThat(ops(after)).containsExactly("Embed", "LastRmsNorm", "Linear", "Sample");
    assertThat(sources(after, 1)).containsExactly("last_token", "norm");
  }

  @Test
  void normThatOthersReadStays() {
    model.vector("norm.weight", 8);
    Graph before =
        model.trace((t, x) -> {
          Value normed = t.rmsNorm(x, "norm", 1e-5);
          return t.add(t.lastToken(normed), normed, "sum");
        });
    leaves("legalize-last-token", before);
  }

  @Test
  void siluTimesValueIsOneActivation() {
    Graph left = model.trace((t, x) -> t.mul(t.silu(x, "silu"), x, "gated"));
    Graph right = model.trace((t, x) -> t.mul(x, t.silu(x, "silu"), "gated"));
    for (Graph before : List.of(left, right)) {
      Graph after = pass("legalize-gate", before, 1);
      assertThat(ops(after)).containsExactly("Embed", "SiluMul", "Linear", "Sample");
      assertThat(sources(after, 1)).containsExactly("silu", "gated");
    }
  }

  @Test
  void biasAndResidualJoinTheLinear() {
    model.matrix("w", 8, 8).vector("w.bias", 8);
    Graph before = model.trace((t, x) -> t.add(x, t.addBias(t.linear(x, "w", 8), "w"), "sum"));
    Graph biased = pass("fuse-bias", before, 1);
    Graph after = pass("fuse-residual", biased, 1);
    assertThat(ops(after)).containsExactly("Embed", "LinearSum", "Linear", "Sample");
    FusedOp.LinearSum sum = (FusedOp.LinearSum) after.nodes().get(1).op();
    assertThat(sum.bias()).hasSize(1);
    assertThat(sum.residual()).isTrue();
    assertThat(sum.sources()).containsExactly("w", "w.bias", "sum");
    assertThat(after.nodes().get(1).label()).isEqualTo("w");
  }

  @Test
  void linearThatOthersReadKeepsItsOwnResult() {
    model.matrix("w", 8, 8);
    Graph before =
        model.trace((t, x) -> {
          Value y = t.linear(x, "w", 8);
          return t.mul(t.add(x, y, "sum"), y, "product");
        });
    leaves("fuse-residual", before);
  }

  @Test
  void expertsTakeInTheSharedSumAndTheResidual() {
    model.matrix("gate", 8, 4);
    model.matrix("exps", 8, 8, 4);
    model.matrix("shared", 8, 8);
    Graph before =
        model.trace((t, x) -> {
          Tracer.Routing chosen =
              t.route(t.linear(x, "gate", 4), 2, Op.Gating.SOFTMAX, true, 1, false, "route");
          Value y = t.expertLinear(x, chosen.ids(), "exps", 4, 8, 0, 8, "exps");
          Value combined = t.expertCombine(y, chosen.weights(), "combine");
          Value moe = t.add(combined, t.linear(x, "shared", 8), "with_shared");
          return t.add(x, moe, "with_residual");
        });
    Graph after = pass("fuse-experts", before, 2);
    Node sum = after.nodes().get(after.nodes().size() - 3);
    assertThat(sum.op())
        .isEqualTo(
            new FusedOp.ExpertSum(true, true, List.of("combine", "with_shared", "with_residual")));
    Value x = after.nodes().getFirst().output();
    assertThat(sum.inputs().get(2)).isEqualTo(x);
    leaves("fuse-residual", after);
  }

  @Test
  void switchesNamePassesOrFamilies() {
    assertThat(names("")).containsAll(names("-fuse,+fuse"));
    assertThat(names("-fuse-bias")).doesNotContain("fuse-bias").contains("fuse-residual");
    assertThat(names("-fuse")).noneMatch(name -> name.startsWith("fuse-"));
    assertThat(names("-all")).allMatch(name -> name.startsWith("legalize-"));
    assertThat(names("-all,+fuse-bias")).contains("fuse-bias").hasSize(4);
    assertThatThrownBy(() -> names("-nothing")).isInstanceOf(PlanException.class);
    assertThatThrownBy(() -> names("fuse")).isInstanceOf(PlanException.class);
    assertThatThrownBy(() -> names("-legalize-gate"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("cannot be switched off");
  }

  private static Graph live(Graph before) {
    return named("canonicalize-dead-code").apply(before).graph();
  }

  private static List<String> names(String switches) {
    return PassSelection.parse(switches).of(Passes.STANDARD).stream().map(Pass::name).toList();
  }

  private static List<String> sources(Graph graph, int node) {
    return Sources.of(graph.nodes().get(node));
  }
}
