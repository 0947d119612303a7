package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanCodec;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.gguf.GgufFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model file at hand has a plan that the verifier accepts, the same one each time. */
class PlanOracleTest {
  static List<OracleModel> models() {
    return OracleModels.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void planHoldsAndIsDeterministic(OracleModel model) {
    try (GgufFile file = GgufFile.open(model.gguf())) {
      Plan plan = PlanCompiler.compile(file, CompileOptions.DEFAULTS);
      assertThat(PlanVerifier.verify(plan)).isEmpty();
      assertThat(plan.model().fingerprint()).isEqualTo(file.fingerprint());
      Plan again = PlanCompiler.compile(file, CompileOptions.DEFAULTS);
      assertThat(PlanCodec.encode(again)).isEqualTo(PlanCodec.encode(plan));
      CompileOptions plain = CompileOptions.DEFAULTS.withPasses(PassSelection.parse("-all"));
      assertThat(PlanVerifier.verify(PlanCompiler.compile(file, plain))).isEmpty();
    }
  }
}
