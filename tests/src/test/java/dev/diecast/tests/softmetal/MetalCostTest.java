package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.replay.MetalOptions.Encoder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a token costs the host in messages and allocation, and that it leaves no object behind. Time
 * is measured by {@link HostCostBench}.
 */
@ExtendWith(NeedsSoftMetal.class)
class MetalCostTest {
  private static final String LARGE = "glm-4.7-flash:q4_0";
  private static final String SMALL = "qwen2.5-0.5b:q8_0";
  // Code of the JIT's first tier allocates 16 bytes in one of the downcalls.
  private static final int WARM_UP = 12_000;
  private static final int TOKENS = 500;

  /** Messages that a token takes whatever the plan: command buffer, encoder, commit and so on. */
  private static final int FEW = 20;

  @TempDir Path folder;
  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load().set(Setting.NULL_MODE, 1);
  }

  @AfterEach
  void nothingIsLeft() {
    metal.settle();
    assertThat(metal.liveObjects()).isEmpty();
    metal.reset();
  }

  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void messagesOfAToken(Encoder encoder) throws IOException {
    double small;
    int fewer;
    try (HostCost cost = new HostCost(SMALL, encoder, folder)) {
      small = messages(cost);
      fewer = cost.dispatches();
    }
    try (HostCost cost = new HostCost(LARGE, encoder, folder)) {
      double large = messages(cost);
      int more = cost.dispatches();
      String counted =
          "%s: %.2f messages for %d dispatches, %.2f for %d"
              .formatted(encoder, small, fewer, large, more);
      if (encoder == Encoder.ICB) {
        assertThat(large).as(counted).isLessThanOrEqualTo(FEW).isEqualTo(small);
      } else {
        assertThat(large).as(counted).isLessThanOrEqualTo(8.0 * more);
        assertThat((large - small) / (more - fewer)).as(counted).isBetween(2.0, 4.0);
      }
    }
  }

  /** Each token is awaited when it has ended: a wait in between takes one message more or less. */
  private double messages(HostCost cost) {
    cost.run(10);
    metal.settle();
    metal.mark();
    cost.nanosPerToken(TOKENS, metal::settle);
    return (double) metal.messages().values().stream().mapToLong(Long::longValue).sum() / TOKENS;
  }

  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void nothingIsAllocatedOrLeft(Encoder encoder) throws IOException {
    try (HostCost cost = new HostCost(LARGE, encoder, folder)) {
      cost.run(3);
      metal.settle();
      Map<String, Long> objects = metal.liveObjects();
      cost.run(WARM_UP);
      metal.settle();
      assertThat(metal.liveObjects()).as("objects after %d tokens", WARM_UP).isEqualTo(objects);
      assertThat(leastAllocated(cost)).as("bytes over %d tokens, %s", TOKENS, encoder).isZero();
    }
  }

  private static long leastAllocated(HostCost cost) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      cost.run(TOKENS);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
