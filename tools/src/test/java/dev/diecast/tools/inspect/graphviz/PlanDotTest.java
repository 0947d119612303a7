package dev.diecast.tools.inspect.graphviz;

import static dev.diecast.plans.Dispatch.Access.READ;
import static dev.diecast.plans.Dispatch.Access.WRITE;
import static dev.diecast.tools.inspect.TestPlans.bytes;
import static dev.diecast.tools.inspect.TestPlans.dispatch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.TestPlans;
import dev.diecast.tools.inspect.flow.Layers;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanDotTest {
  private static String dot(Plan plan, List<Integer> dispatches) throws IOException {
    StringBuilder out = new StringBuilder();
    PlanDot.write(plan, plan.programs().getFirst(), dispatches, out);
    return out.toString();
  }

  private static DotGraph parsed(String dot) {
    DotGraph graph = DotGraph.parse(dot);
    assertThat(graph.edges())
        .isNotEmpty()
        .allMatch(edge -> graph.nodes().contains(edge.from()) && graph.nodes().contains(edge.to()));
    return graph;
  }

  @Test
  void drawsALayerWithItsNeighbours() throws IOException {
    Plan plan = TestPlans.shape("glm-4.7-flash:q4_0");
    List<Integer> layer = new Layers(plan.programs().getFirst()).dispatches(1);
    DotGraph graph = parsed(dot(plan, layer));
    assertThat(graph.nodes()).containsAll(layer.stream().map(i -> "d" + i).toList());
    assertThat(graph.nodes()).contains("d0");
    assertThat(graph.edges()).anyMatch(edge -> edge.from().equals("d0"));
  }

  @Test
  void drawsAWholeProgram() throws IOException {
    Plan plan = TestPlans.small();
    Program program = plan.programs().getFirst();
    List<Integer> all = IntStream.range(0, program.dispatches().size()).boxed().toList();
    String dot = dot(plan, all);
    assertThat(parsed(dot).nodes().stream().filter(name -> name.startsWith("d")))
        .hasSize(all.size());
    assertThat(dot).doesNotContain("dotted").contains("barrier 14").doesNotContain("barrier 15");
  }

  @Test
  void namesStayNames() throws IOException {
    String hostile = "\"]; x [label=\"\\";
    Plan plan =
        TestPlans.bare(
            List.of(
                dispatch(hostile, false, bytes(WRITE, 0, 0, 8)),
                dispatch("line\nend", true, bytes(READ, 0, 0, 8))),
            List.of(new Program.ArenaValue(hostile, 0, 8, 0, 1)));
    DotGraph graph = parsed(dot(plan, List.of(0, 1)));
    assertThat(graph.nodes()).containsExactly("b0", "b1", "d0", "d1");
    assertThat(graph.edges())
        .containsExactlyInAnyOrder(new DotGraph.Edge("b0", "b1"), new DotGraph.Edge("d0", "d1"));
  }
}
