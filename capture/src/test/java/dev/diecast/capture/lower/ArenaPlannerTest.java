package dev.diecast.capture.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArenaPlannerTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void intervalsThatMeetNeverOverlap(long seed) {
    Random random = new Random(seed);
    List<Interval> intervals = new ArrayList<>();
    int count = 1 + random.nextInt(300);
    for (int i = 0; i < count; i++) {
      int first = random.nextInt(200);
      int last = first + random.nextInt(1 + random.nextInt(40));
      long bytes = 1L + random.nextInt(1 << random.nextInt(4, 20));
      intervals.add(new Interval(bytes, first, last, first, last));
    }
    ArenaPlanner.Arena arena = ArenaPlanner.plan(intervals);
    for (int i = 0; i < count; i++) {
      long start = arena.offsets().get(i);
      assertThat(start % ArenaPlanner.ALIGNMENT).isZero();
      assertThat(start + intervals.get(i).bytes()).isLessThanOrEqualTo(arena.bytes());
      for (int j = 0; j < i; j++) {
        if (intervals.get(i).meets(intervals.get(j))) {
          long other = arena.offsets().get(j);
          assertThat(
                  start >= other + intervals.get(j).bytes()
                      || other >= start + intervals.get(i).bytes())
              .as("%s at %d and %s at %d", intervals.get(i), start, intervals.get(j), other)
              .isTrue();
        }
      }
    }
    assertThat(arena.bytes()).isGreaterThanOrEqualTo(ArenaPlanner.lowerBound(intervals, 300));
  }

  @Test
  void disjointLivesShareBytes() {
    List<Interval> intervals = List.of(at(100, 0, 1), at(60, 2, 3), at(40, 2, 2), at(100, 4, 4));
    assertThat(ArenaPlanner.plan(intervals).bytes()).isEqualTo(128);
    assertThat(ArenaPlanner.plan(intervals).offsets()).containsExactly(0L, 0L, 64L, 0L);
    assertThat(ArenaPlanner.lowerBound(intervals, 5)).isEqualTo(100);
  }

  private static Interval at(long bytes, int first, int last) {
    return new Interval(bytes, first, last, first, last);
  }
}
