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
import dev.diecast.capture.graph.Value;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code fuse-linear-join}. */
class JoinTest {
  private final SmallModel model = new SmallModel();

  @Test
  void linearsOfOneValueJoinWhereTheFirstStands() {
    model.matrix("a", 8, 8).matrix("b", 8, 8).vector("b.bias", 8).matrix("c", 8, 8);
    Graph traced =
        model.trace((t, x) -> {
          Value a = t.silu(t.linear(x, "a", 8), "silu");
          Value b = t.addBias(t.linear(x, "b", 8), "b");
          return t.add(t.mul(a, b, "product"), t.linear(x, "c", 8), "sum");
        });
    Graph before = pass("fuse-bias", pass("legalize-gate", traced, 1), 1);
    Graph after = pass("fuse-linear-join", before, 1);
    assertThat(ops(after))
        .containsExactly("Embed", "Linears", "SiluMul", "Add", "Linear", "Sample");
    Node joined = after.nodes().get(1);
    FusedOp.Linears op = (FusedOp.Linears) joined.op();
    assertThat(op.segments().stream().map(segment -> segment.weight().name()))
        .containsExactly("a.weight", "b.weight", "c.weight");
    assertThat(op.segments().get(1).bias()).hasSize(1);
    assertThat(joined.outputs())
        .containsExactly(value(before, "a"), value(before, "b"), value(before, "c"));
    assertThat(joined.sources()).containsExactly("a", "b", "b.bias", "c");
    assertThat(joined.label()).isEqualTo("a+b+c");
  }

  @Test
  void pairsJoinOtherLinears() {
    model.matrix("a", 8, 6).matrix("gate", 8, 6).matrix("up", 8, 6).matrix("down", 6, 8);
    Graph traced =
        model.trace((t, x) -> {
          Value a = t.linear(x, "a", 6);
          Value gated =
              t.mul(t.silu(t.linear(x, "gate", 6), "silu"), t.linear(x, "up", 6), "gated");
          return t.linear(t.add(a, gated, "sum"), "down", 8);
        });
    Graph before = pass("fuse-gate-up", pass("legalize-gate", traced, 1), 1);
    FusedOp.Linears op =
        (FusedOp.Linears) only(pass("fuse-linear-join", before, 1), FusedOp.Linears.class).op();
    assertThat(op.segments()).hasSize(2);
    assertThat(op.segments().getLast().up()).hasSize(1);
  }

  @Test
  void fifthLinearStaysBehind() {
    IntStream.range(0, 5).forEach(i -> model.matrix("w" + i, 8, 8));
    Graph before =
        model.trace((t, x) -> {
          Value sum = t.linear(x, "w0", 8);
          for (int i = 1; i < 5; i++) {
            sum = t.mul(sum, t.linear(x, "w" + i, 8), "product" + i);
          }
          return sum;
        });
    Graph after = pass("fuse-linear-join", before, 1);
    assertThat(only(after, FusedOp.Linears.class).outputs()).hasSize(4);
    assertThat(value(after, "w4")).isEqualTo(value(before, "w4"));
  }

  @Test
  void residualMadeBeforeBothComesAlong() {
    model.matrix("a", 8, 8).matrix("b", 8, 8);
    Graph traced =
        model.trace((t, x) -> {
          Value r = t.silu(x, "r");
          Value a = t.linear(x, "a", 8);
          return t.mul(a, t.add(r, t.linear(x, "b", 8), "sum"), "product");
        });
    Graph before = pass("fuse-residual", traced, 1);
    Node joined = only(pass("fuse-linear-join", before, 1), FusedOp.Linears.class);
    assertThat(joined.inputs()).containsExactly(value(before, "embd"), value(before, "r"));
  }

  @Test
  void linearThatAddsTheResultOfAnotherStaysBehind() {
    model.matrix("a", 8, 8).matrix("b", 8, 8);
    Graph traced =
        model.trace(
            (t, x) -> t.add(t.silu(t.linear(x, "a", 8), "silu"), t.linear(x, "b", 8), "sum"));
    leaves("fuse-linear-join", pass("fuse-residual", traced, 1));
  }

  @Test
  void linearsOfDifferentValuesStay() {
    model.matrix("a", 8, 8).matrix("b", 8, 8);
    leaves("fuse-linear-join", model.trace((t, x) -> t.linear(t.linear(x, "a", 8), "b", 8)));
  }

  @Test
  void linearsOfSeveralRowsStay() {
    model.matrix("a", 4, 4).matrix("b", 4, 4);
    Graph before =
        model.trace((t, x) -> {
          Value rows = t.reshape(x, 2, 4, "rows");
          Value sum = t.mul(t.linear(rows, "a", 4), t.linear(rows, "b", 4), "product");
          return t.reshape(sum, 1, 8, "flat");
        });
    leaves("fuse-linear-join", before);
  }
}
