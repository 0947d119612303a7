package dev.diecast.replay.metal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightWindowsTest {
  private static final long KIB = 1024;
  private static final long GIB = 1L << 30;

  @Test
  void aSmallFileIsOneWindowOfWholePages() {
    WeightWindows windows = new WeightWindows(List.of(100_000L), 16 * KIB, GIB, 5_000);
    assertThat(windows.windows()).containsExactly(new WeightWindows.Window(0, 0, 7 * 16 * KIB));
    assertThat(windows.place(0, 99_000, 1_000)).isEqualTo(new WeightWindows.Place(0, 99_000));
  }

  @Test
  void windowsOfALargeFileStayBelowFourGigabytes() {
    List<Long> parts = List.of(20 * GIB + 12_345, 3 * GIB);
    WeightWindows windows = new WeightWindows(parts, 16 * KIB, 64 * GIB, 700_000_000);
    assertThat(windows.windows()).hasSizeBetween(7, 9);
    assertThat(windows.windows()).allMatch(w -> w.bytes() < 4 * GIB && w.start() % 16384 == 0);
    assertThat(windows.windows().getLast()).isEqualTo(new WeightWindows.Window(1, 0, 3 * GIB));
    check(windows, parts, 700_000_000);
  }

  @Test
  void windowsOverlapSoThatEachBindingLiesInOne() {
    for (long largest : new long[] {1, 4095, 4096, 4097, 50_000}) {
      List<Long> parts = List.of(1_000_001L, 77L, 262_144L);
      WeightWindows windows = new WeightWindows(parts, 4 * KIB, 65_537, largest);
      assertThat(windows.windows()).hasSizeGreaterThan(10).allMatch(w -> w.bytes() <= 65_536);
      check(windows, parts, largest);
    }
  }

  private static void check(WeightWindows windows, List<Long> parts, long largest) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      int part = random.nextInt(parts.size());
      long bytes = Math.min(random.nextLong(largest + 1), parts.get(part));
      long offset =
          i % 9 == 0 ? parts.get(part) - bytes : random.nextLong(parts.get(part) - bytes + 1);
      WeightWindows.Place place = windows.place(part, offset, bytes);
      WeightWindows.Window window = windows.windows().get(place.window());
      assertThat(window.part()).isEqualTo(part);
      assertThat(window.start() + place.offset()).isEqualTo(offset);
      assertThat(place.offset()).isBetween(0L, window.bytes() - bytes);
    }
  }

  @Test
  void aTensorThatFitsNoBufferIsAnError() {
    assertThatThrownBy(() -> new WeightWindows(List.of(GIB), 4 * KIB, 65_536, 65_537))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("the largest weight tensor takes 65537 bytes")
        .hasMessageContaining("65536 bytes");
  }
}
