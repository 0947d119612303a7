package dev.diecast.plans.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRangesTest {
  private static final int BYTES = 40;

  /** Against an array with one owner per byte. */
  @Test
  void agreesWithOneOwnerPerByte() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      ByteRanges ranges = new ByteRanges();
      int[] owners = new int[BYTES];
      Arrays.fill(owners, ByteRanges.NONE);
      for (int step = 0; step < 12; step++) {
        int from = random.nextInt(BYTES);
        int to = from + 1 + random.nextInt(BYTES - from);
        assertSame(ranges, owners, from, to);
        int owner = random.nextInt(3);
        ranges.assign(from, to, owner);
        Arrays.fill(owners, from, to, owner);
        assertSame(ranges, owners, 0, BYTES);
      }
    }
  }

  private static void assertSame(ByteRanges ranges, int[] owners, int from, int to) {
    int last = ByteRanges.NONE;
    int gap = ByteRanges.NONE;
    for (int i = to - 1; i >= from; i--) {
      if (owners[i] == ByteRanges.NONE) {
        gap = i;
      } else if (last == ByteRanges.NONE) {
        last = owners[i];
      }
    }
    assertThat(ranges.overlapping(from, to)).isEqualTo(last);
    assertThat(ranges.firstGap(from, to)).isEqualTo(gap);
  }
}
