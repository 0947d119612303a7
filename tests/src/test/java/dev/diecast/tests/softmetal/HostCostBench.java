package dev.diecast.tests.softmetal;

import dev.diecast.replay.MetalOptions.Encoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Measures what a token of a large model costs the host, against a Metal that does nothing: median
 * and spread in microseconds, for each encoder. It asserts nothing, since times depend on what else
 * the machine does, and runs only when it is named: {@code -Dtest=HostCostBench}.
 */
@ExtendWith(NeedsSoftMetal.class)
public final class HostCostBench {
  private static final String SHAPE = "glm-4.7-flash:q4_0";
  private static final int WARM_UP = 5_000;
  private static final int ROUNDS = 7;
  private static final int TOKENS = 2_000;

  @Test
  void measure() throws IOException {
    main(new String[0]);
  }

  /** Takes the name of a shape, or none for GLM-4.7-Flash. */
  public static void main(String[] args) throws IOException {
    String shape = args.length == 0 ? SHAPE : args[0];
    SoftMetal metal = SoftMetal.load().set(Setting.NULL_MODE, 1);
    Path folder = Files.createTempDirectory("host-cost");
    System.out.printf(
        "%s, host time of a token in microseconds over %d rounds of %d tokens%n",
        shape, ROUNDS, TOKENS);
    System.out.println("encoder  dispatches  median  least..most of medians  p10..p90");
    try {
      for (Encoder encoder : List.of(Encoder.DIRECT, Encoder.ICB, Encoder.MTL4)) {
        try (HostCost cost = new HostCost(shape, encoder, folder)) {
          System.out.println(row(encoder, cost, metal));
        }
      }
    } finally {
      delete(folder);
    }
  }

  private static String row(Encoder encoder, HostCost cost, SoftMetal metal) {
    cost.nanosPerToken(WARM_UP, metal::settle);
    double[] medians = new double[ROUNDS];
    double low = 0;
    double high = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long[] nanos = cost.nanosPerToken(TOKENS, metal::settle);
      medians[round] = nanos[TOKENS / 2] / 1e3;
      low += nanos[TOKENS / 10] / 1e3 / ROUNDS;
      high += nanos[TOKENS * 9 / 10] / 1e3 / ROUNDS;
    }
    Arrays.sort(medians);
    return "%-7s  %10d  %6.1f  %10.1f..%-10.1f  %.1f..%.1f"
        .formatted(
            encoder,
            cost.dispatches(),
            medians[ROUNDS / 2],
            medians[0],
            medians[ROUNDS - 1],
            low,
            high);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
