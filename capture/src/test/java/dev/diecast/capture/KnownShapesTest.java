package dev.diecast.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanCodec;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every known shape, in every type it comes in, has a plan that holds. */
class KnownShapesTest {
  static List<String> shapes() {
    List<String> specs = new ArrayList<>();
    for (String name : KnownShapes.names()) {
      for (String type : List.of("f16", "q8_0", "q4_0", "q4_k_m")) {
        specs.add(name + ":" + type);
      }
    }
    return specs;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void planHoldsAndIsDeterministic(String spec) {
    ModelSource source = KnownShapes.find(spec);
    Plan plan = PlanCompiler.compile(source, CompileOptions.DEFAULTS);
    assertThat(PlanVerifier.verify(plan)).isEmpty();
    Plan again = PlanCompiler.compile(KnownShapes.find(spec), CompileOptions.DEFAULTS);
    assertThat(PlanCodec.encode(again)).isEqualTo(PlanCodec.encode(plan));
  }
}
