package dev.diecast.tools.inspect.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfiles;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.TestPlans;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChromeTraceTest {
  private static Plan plan;
  private static Program program;
  private static JsonNode trace;

  @BeforeAll
  static void write() {
    plan = TestPlans.plainShape("glm-4.7-flash:q4_0");
    program = plan.programs().getFirst();
    Schedule schedule =
        PredictedSchedule.of(CostModel.of(plan, CostProfiles.of("m3-pro")).cost(program));
    trace = JsonMapper.shared().readTree(ChromeTrace.of(plan, program, schedule));
  }

  private static List<JsonNode> complete() {
    return trace
        .get("traceEvents")
        .valueStream()
        .filter(event -> event.get("ph").asString().equals("X"))
        .toList();
  }

  @Test
  void saysWhereTheTimesComeFrom() {
    assertThat(trace.get("otherData").get("times").asString()).isEqualTo("predicted");
    assertThat(trace.get("otherData").get("device").asString()).isEqualTo("m3-pro");
  }

  @Test
  void everyDispatchIsThereWithItsKernelAndSources() {
    List<JsonNode> dispatches =
        complete().stream().filter(event -> event.get("tid").asInt() > 0).toList();
    assertThat(dispatches).hasSameSizeAs(program.dispatches());
    for (int i = 0; i < dispatches.size(); i++) {
      JsonNode args = dispatches.get(i).get("args");
      assertThat(args.get("dispatch").asInt()).isEqualTo(i);
      assertThat(args.get("source_ops")).hasSize(program.dispatches().get(i).sourceOps().size());
      assertThat(dispatches.get(i).get("dur").asDouble()).isPositive();
    }
  }

  @Test
  void nothingOverlapsOnATrack() {
    Map<Integer, Double> ends = new HashMap<>();
    complete().stream()
        .sorted((a, b) -> Double.compare(a.get("ts").asDouble(), b.get("ts").asDouble()))
        .forEach(event -> {
          double start = event.get("ts").asDouble();
          Double end = ends.put(event.get("tid").asInt(), start + event.get("dur").asDouble());
          assertThat(start).isGreaterThanOrEqualTo(end == null ? 0 : end - 1e-5);
        });
    // Layers, dispatches, and at least two more for what runs beside them.
    assertThat(ends).hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void timesOfAnotherProgramAreRefused() {
    Schedule other = new Schedule("measured", "here", List.of(new Schedule.Span(0, 1, 0)));
    assertThatThrownBy(() -> ChromeTrace.of(plan, program, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 times for");
  }
}
