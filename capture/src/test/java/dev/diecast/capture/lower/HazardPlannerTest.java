package dev.diecast.capture.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Dispatch.Access;
import dev.diecast.plans.Dispatch.Binding;
import java.util.List;
import org.junit.jupiter.api.Test;

class HazardPlannerTest {
  @Test
  void readAfterWriteWriteAfterReadAndWriteAfterWriteNeedABarrier() {
    assertThat(barriers(write(0, 8), read(4, 8))).containsExactly(false, true);
    assertThat(barriers(read(0, 8), write(7, 8))).containsExactly(false, true);
    assertThat(barriers(write(0, 8), write(0, 1))).containsExactly(false, true);
  }

  @Test
  void readsAndNeighboursNeedNone() {
    assertThat(barriers(read(0, 8), read(0, 8))).containsExactly(false, false);
    assertThat(barriers(write(0, 8), write(8, 8), read(16, 4)))
        .containsExactly(false, false, false);
    Binding elsewhere = new Binding(0, 2, 0, 8, Access.READ, null);
    assertThat(barriers(write(0, 8), elsewhere)).containsExactly(false, false);
  }

  @Test
  void aBarrierSettlesEverythingBefore() {
    assertThat(barriers(write(0, 8), write(8, 8), read(0, 8), read(8, 8), write(20, 4)))
        .containsExactly(false, false, true, false, false);
  }

  private static List<Boolean> barriers(Binding... one) {
    return HazardPlanner.barriers(List.of(one).stream().map(List::of).toList());
  }

  private static Binding read(long offset, long bytes) {
    return new Binding(0, 1, offset, bytes, Access.READ, null);
  }

  private static Binding write(long offset, long bytes) {
    return new Binding(0, 1, offset, bytes, Access.WRITE, null);
  }
}
