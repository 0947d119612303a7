package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest implements NeedsClang {
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "1,4,1,128,128,4,299,1,300,false", // at the capacity
    "1,1,1,64,64,3,0,1,8,false", // empty context
    "2,6,2,80,64,5,37,1,64,false",
    "3,3,3,6,10,2,70,3,99,false", // nothing is aligned
    "2,9,1,576,512,2,64,2,70,true",
    "2,2,1,16,16,2,3,0,8,false",
    "1,5,1,256,256,1,200,1,256,false"
  })
  void splits(
      int tokens,
      int heads,
      int kvHeads,
      int dk,
      int dv,
      int splits,
      int position,
      int active,
      int capacity,
      boolean latent) {
    var c =
        new AttentionCase(
            tokens, heads, kvHeads, dk, dv, splits, position, active, capacity, latent);
    int width = 2 + dv;
    byte[] partial =
        c.arguments(KernelRun.of("attention"))
            .output("partial", 4L * tokens * heads * splits * width)
            .run()
            .get("partial");
    Rows rows = new Rows(partial, heads * splits * width, tokens, c.activeTokens());
    for (int t = 0; t < rows.active(); t++) {
      for (int h = 0; h < heads; h++) {
        var reference = c.reference(t, h);
        for (int s = 0; s < splits; s++) {
          double[] expected =
              reference.partial(c.visible(t) * s / splits, c.visible(t) * (s + 1) / splits);
          float[] actual = rows.at(((t * heads + h) * splits + s) * width, width);
          assertThat(actual[0]).isCloseTo((float) expected[0], within(expected[0]));
          actual[0] = 0;
          expected[0] = 0;
          assertThat(Distance.relative(actual, expected)).isLessThan(TOLERANCE);
        }
      }
    }
    rows.assertRestUntouched();
  }

  @ParameterizedTest
  @CsvSource({"1,64,1", "2,200,2", "2,24,2"})
  void fewerSimdgroupsComputeTheSame(int simdgroups, int dv, int splits) {
    var c = new AttentionCase(1, 3, 1, 40, dv, splits, 150, 1, 160, false);
    float[] partial =
        Bytes.floats(
            c.arguments(KernelRun.of("attention"))
                .constant("simdgroups", simdgroups)
                .output("partial", 4L * 3 * splits * (2 + dv))
                .run()
                .get("partial"));
    double[] expected = c.reference(0, 1).partial(0, 151 / splits);
    int from = splits * (2 + dv);
    float[] actual = Arrays.copyOfRange(partial, from, from + 2 + dv);
    assertThat(Distance.relative(actual, expected)).isLessThan(TOLERANCE);
  }

  private static org.assertj.core.data.Offset<Float> within(double expected) {
    return org.assertj.core.api.Assertions.within(
        Double.isInfinite(expected) ? 0f : (float) (1e-5 * (1 + Math.abs(expected))));
  }

  @ParameterizedTest
  @CsvSource({"1,4,128,8,1", "2,2,600,40,1", "3,1,6,3,2", "1,1,64,1,1", "2,2,8,4,0"})
  void combines(int tokens, int heads, int dv, int splits, int active) {
    int width = 2 + dv;
    float[] partial = Bytes.random(1, tokens * heads * splits * width);
    for (int i = 0; i < partial.length; i += width) {
      boolean empty = splits > 1 && i / width % splits == 1;
      partial[i] = empty ? Float.NEGATIVE_INFINITY : 20 * partial[i];
      partial[i + 1] = empty ? 0 : Math.abs(partial[i + 1]) + 1;
      partial[i + 2] = empty ? Float.NaN : partial[i + 2]; // unspecified
    }
    byte[] y =
        KernelRun.of("attention_combine")
            .args("n_tokens", tokens, "heads", heads, "dv", dv, "splits", splits)
            .args("y_stride", heads * dv, "y_head_stride", dv)
            .floats("partial", partial)
            .step(9, active)
            .output("y", 4L * tokens * heads * dv)
            .run()
            .get("y");
    Rows rows = new Rows(y, heads * dv, tokens, active);
    for (int row = 0; row < active * heads; row++) {
      double[] expected = combined(partial, row * splits * width, splits, dv);
      assertThat(Distance.relative(rows.at(row * dv, dv), expected)).isLessThan(TOLERANCE);
    }
    rows.assertRestUntouched();
  }

  private static double[] combined(float[] partial, int from, int splits, int dv) {
    double most = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < splits; s++) {
      most = Math.max(most, partial[from + s * (2 + dv)]);
    }
    double total = 0;
    double[] y = new double[dv];
    for (int s = 0; s < splits; s++) {
      int at = from + s * (2 + dv);
      double weight = Math.exp(partial[at] - most);
      total += weight * partial[at + 1];
      for (int c = 0; weight > 0 && c < dv; c++) {
        y[c] += weight * partial[at + 2 + c];
      }
    }
    for (int c = 0; c < dv; c++) {
      y[c] /= total;
    }
    return y;
  }

  @Test
  void aPositionBehindTheCapacityReadsNothingOutside() {
    var c = new AttentionCase(1, 1, 1, 8, 8, 2, 40, 1, 16, false);
    byte[] partial =
        c.arguments(KernelRun.of("attention")).output("partial", 4L * 2 * 10).run().get("partial");
    assertThat(Bytes.floats(partial)).doesNotContain(Float.NaN);
  }
}
