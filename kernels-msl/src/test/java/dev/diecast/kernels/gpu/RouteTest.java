package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest implements NeedsClang {
  @ParameterizedTest
  @CsvSource({
    "1,64,6,1,0,1,false",
    "3,128,8,1,1,2,false",
    "2,256,8,2,1,2,true",
    "2,60,4,2,0,1,false",
    "2,7,7,1,1,2,true",
    "1,1,1,2,1,1,false",
    "2,512,10,1,1,0,false",
    "3,33,33,1,1,9,false"
  })
  void chooses(
      int tokens, int experts, int used, int gating, int norm, int active, boolean biased) {
    float[] logits = Bytes.random(experts, tokens * experts);
    float[] bias = biased ? Bytes.random(5, experts) : new float[experts];
    KernelRun run = run(tokens, experts, used, gating, norm, logits).step(0, active);
    if (biased) {
      run.floats("bias", bias);
    }
    var results = run.run();
    int real = Math.min(active, tokens);
    Rows weights = new Rows(results.get("weights"), used, tokens, real);
    for (int t = 0; t < real; t++) {
      float[] row = Arrays.copyOfRange(logits, t * experts, (t + 1) * experts);
      var expected = RouteReference.of(row, bias, used, gating == 1, norm == 1, 2.5);
      int[] ids = Bytes.ints(results.get("ids"));
      assertThat(Arrays.copyOfRange(ids, t * used, (t + 1) * used)).isEqualTo(expected.ids());
      assertThat(Distance.relative(weights.at(t * used, used), expected.weights()))
          .isLessThan(1e-5);
    }
    weights.assertRestUntouched();
  }

  @Test
  void equalLogitsGoToTheLowerIdAndNanComesLast() {
    float[] logits = new float[40];
    logits[7] = Float.NaN;
    logits[9] = 3;
    logits[35] = 3;
    logits[0] = -0f;
    int[] ids = Bytes.ints(run(1, 40, 40, 2, 1, logits).step(0, 1).run().get("ids"));
    assertThat(ids).startsWith(9, 35, 0, 1, 2, 3).endsWith(38, 39, 7).doesNotHaveDuplicates();
  }

  private static KernelRun run(
      int tokens, int experts, int used, int gating, int norm, float[] logits) {
    return KernelRun.of("route")
        .args("n_tokens", tokens, "n_expert", experts, "n_used", used, "gating", gating)
        .args("norm", norm, "logits_stride", experts, "ids_stride", used)
        .args("weights_stride", used, "weight_scale", 2.5f)
        .floats("logits", logits)
        .output("ids", 4L * tokens * used)
        .output("weights", 4L * tokens * used);
  }
}
