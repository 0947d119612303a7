package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static dev.diecast.replay.cpu.ops.Native.intAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
  private final Arena arena = Arena.ofConfined();
  private final Native data = new Native(arena);
  private final Random random = new Random(13);

  @AfterEach
  void free() {
    arena.close();
  }

  @ParameterizedTest
  @CsvSource({
    // experts, used, gating, norm, biased, scale
    "64, 6, 1, 0, false, 1.0",
    "64, 4, 2, 1, true, 1.8",
    "128, 8, 1, 1, false, 1.0",
    "7, 7, 2, 0, true, 0.5",
    "1, 1, 1, 1, false, 1.0",
  })
  void choosesAndWeighsAsDefined(
      int experts, int used, int gating, int norm, boolean biased, float scale) {
    int tokens = 3;
    MemorySegment logits = data.normal(tokens * experts, 2, random);
    MemorySegment bias = data.normal(experts, 0.3, random);
    MemorySegment ids = data.bytes(4L * tokens * used);
    MemorySegment weights = data.floats(tokens * used);
    Launch launch = launch(logits, ids, weights, experts, used, gating).tokens(tokens);
    if (biased) {
      launch.slot("bias", bias);
    }
    launch.arg("norm", norm).arg("weight_scale", scale).run();
    for (int t = 0; t < tokens; t++) {
      double[] p = probabilities(logits, t, experts, gating);
      List<Integer> expected =
          IntStream.range(0, experts)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingDouble(e -> -(p[e] + (biased ? at(bias, e) : 0)))
                      .thenComparing(Comparator.naturalOrder()))
              .limit(used)
              .toList();
      double sum = expected.stream().mapToDouble(e -> p[e]).sum();
      for (int j = 0; j < used; j++) {
        int id = intAt(ids, (long) t * used + j);
        assertThat(id).isEqualTo(expected.get(j));
        double weight = p[id] / (norm == 1 ? Math.max(sum, 6.103515625e-5) : 1) * scale;
        assertThat((double) at(weights, (long) t * used + j)).isCloseTo(weight, within(1e-7));
      }
    }
  }

  @Test
  void idsAreDistinctAndInRangeWhateverTheLogits() {
    float[] strange = {
      Float.NaN, Float.NaN, 1, Float.NEGATIVE_INFINITY, Float.NaN, 1, 0, Float.NaN
    };
    for (int gating = 1; gating <= 2; gating++) {
      MemorySegment ids = data.bytes(4L * 8);
      launch(data.floats(strange), ids, data.floats(8), 8, 8, gating).run();
      int[] got = IntStream.range(0, 8).map(i -> intAt(ids, i)).sorted().toArray();
      assertThat(got).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }
    MemorySegment ids = data.bytes(4L * 3);
    launch(data.floats(1, 2, 2, 1), ids, data.floats(3), 4, 3, 2).run();
    assertThat(new int[] {intAt(ids, 0), intAt(ids, 1), intAt(ids, 2)}).containsExactly(1, 2, 0);
  }

  @Test
  void refusesMoreExpertsThanThereAre() {
    MemorySegment x = data.floats(8);
    assertThatThrownBy(() -> launch(x, x, x, 4, 5, 1).bind()).hasMessageContaining("5 of 4");
    assertThatThrownBy(() -> launch(x, x, x, 4, 2, 3).bind()).hasMessageContaining("gating is 3");
  }

  private Launch launch(
      MemorySegment logits,
      MemorySegment ids,
      MemorySegment weights,
      int experts,
      int used,
      int gating) {
    return new Launch("route", arena)
        .slot("logits", logits)
        .slot("ids", ids)
        .slot("weights", weights)
        .arg("n_expert", experts)
        .arg("n_used", used)
        .arg("gating", gating)
        .arg("logits_stride", experts)
        .arg("ids_stride", used)
        .arg("weights_stride", used)
        .arg("weight_scale", 1f);
  }

  private static double[] probabilities(MemorySegment logits, int t, int experts, int gating) {
    double[] p =
        IntStream.range(0, experts)
            .mapToDouble(e -> at(logits, (long) t * experts + e))
            .map(x -> gating == 1 ? Math.exp(x) : 1 / (1 + Math.exp(-x)))
            .toArray();
    double sum = Arrays.stream(p).sum();
    return gating == 1 ? Arrays.stream(p).map(x -> x / sum).toArray() : p;
  }
}
