package dev.diecast.tests.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostMode;
import dev.diecast.kernels.host.Schedule;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * GPU plans of the oracle models, run by the host execution of MSL, against the float64 reference.
 * GPU kernels keep activations in float32 whatever the weights are, so that one tolerance holds for
 * all: that of the float16 KV cache. No row here has experts so nearly tied that it would choose
 * others, and a run is the same every time.
 */
class HostOracleTest {
  private static final double TOLERANCE = 3e-3;

  private static final int ROWS = 6;
  private static final int PROMPT = 5;

  @TempDir static Path cache;
  private static HostPipelines pipelines;

  static List<OracleModel> models() {
    return OracleModels.all();
  }

  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
    pipelines = new HostPipelines(HostCompiler.in(cache), HostMode.PLAIN);
  }

  @AfterAll
  static void close() {
    if (pipelines != null) {
      pipelines.close();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyRowIsWithinTolerance(OracleModel model) {
    float[][] reference = model.reference();
    int[] tokens = model.tokens();
    try (GgufFile file = GgufFile.open(model.gguf());
        HostSession session = open(file)) {
      for (int t = 0; t < ROWS; t++) {
        double error = OracleModel.relativeError(doubles(session.feed(tokens[t])), reference[t]);
        assertThat(error).as("%s, row %d", model, t).isLessThan(TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void prefillThenDecode(OracleModel model) {
    float[][] reference = model.reference();
    int[] tokens = model.tokens();
    try (GgufFile file = GgufFile.open(model.gguf());
        HostSession session = open(file)) {
      float[] last = session.prefill(Arrays.copyOf(tokens, PROMPT), false);
      double error = OracleModel.relativeError(doubles(last), reference[PROMPT - 1]);
      assertThat(error).as("%s, prefill", model).isLessThan(TOLERANCE);
      error = OracleModel.relativeError(doubles(session.feed(tokens[PROMPT])), reference[PROMPT]);
      assertThat(error).as("%s, decode behind prefill", model).isLessThan(TOLERANCE);
    }
  }

  private static HostSession open(GgufFile file) {
    Plan plan =
        PlanCompiler.compile(file, CompileOptions.DEFAULTS.withDevice("metal").withContext(64));
    return new HostSession(plan, file, pipelines, Schedule.FORWARD);
  }

  private static double[] doubles(float[] row) {
    double[] all = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      all[i] = row[i];
    }
    return all;
  }
}
