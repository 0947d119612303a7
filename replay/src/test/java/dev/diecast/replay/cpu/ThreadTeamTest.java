package dev.diecast.replay.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamTest {
  /** Counts every item and checks that the dispatch before the barrier is complete. */
  private static final class Counting implements BoundKernel {
    final AtomicLongArray runs;
    final AtomicLong done = new AtomicLong();
    private final int items;
    private final int grain;
    private final Counting before;
    private final AtomicBoolean early;

    Counting(int items, int grain, @Nullable Counting before, AtomicBoolean early) {
      this.items = items;
      this.grain = grain;
      this.before = before == null ? this : before;
      this.early = early;
      this.runs = new AtomicLongArray(items);
    }

    @Override
    public long items() {
      return items;
    }

    @Override
    public long grain() {
      return grain;
    }

    @Override
    public void run(long from, long to, Worker worker) {
      long rounds = runs.get((int) from) + 1;
      if (before != this && before.done.get() < rounds * before.items) {
        early.set(true);
      }
      for (long i = from; i < to; i++) {
        runs.incrementAndGet((int) i);
        done.incrementAndGet();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyItemRunsOncePerWalkAndBarriersHold(int threads) {
    AtomicBoolean early = new AtomicBoolean();
    List<Walk.Stop> stops = new ArrayList<>();
    List<Counting> kernels = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      boolean barrier = i % 3 != 0;
      Counting before = barrier && i > 0 ? kernels.get(i - 1) : null;
      Counting kernel = new Counting(1 + i * 7 % 23, 1 + i % 4, before, early);
      kernels.add(kernel);
      stops.add(new Walk.Stop("d" + i, kernel, barrier));
    }
    Walk walk = new Walk(stops);
    int walks = 500;
    try (Arena arena = Arena.ofShared();
        ThreadTeam team = new ThreadTeam(threads, 0, arena)) {
      for (int i = 0; i < walks; i++) {
        team.run(walk);
      }
    }
    assertThat(early).isFalse();
    for (Counting kernel : kernels) {
      for (int i = 0; i < kernel.items; i++) {
        assertThat(kernel.runs.get(i)).isEqualTo(walks);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void aFailureReachesTheCallerAndTheTeamGoesOn(int threads) {
    AtomicLong after = new AtomicLong();
    BoundKernel fails =
        kernel(
            16,
            i -> {
              if (i == 11) {
                throw new IllegalStateException("eleven");
              }
            });
    BoundKernel follows = kernel(4, i -> after.incrementAndGet());
    Walk bad =
        new Walk(
            List.of(new Walk.Stop("first", fails, false), new Walk.Stop("second", follows, true)));
    Walk good = new Walk(List.of(new Walk.Stop("only", follows, false)));
    try (Arena arena = Arena.ofShared();
        ThreadTeam team = new ThreadTeam(threads, 64, arena)) {
      for (int i = 0; i < 50; i++) {
        assertThatThrownBy(() -> team.run(bad))
            .isInstanceOf(KernelFailure.class)
            .hasMessage("first: eleven")
            .hasRootCauseMessage("eleven");
        assertThat(after.getAndSet(0)).as("what follows a failure is skipped").isZero();
        team.run(good);
        assertThat(after.getAndSet(0)).isEqualTo(4);
      }
    }
  }

  @Test
  void saysHowMuchScratchTheMachineDoesNotHave() {
    try (Arena memory = Arena.ofShared()) {
      assertThatThrownBy(() -> new ThreadTeam(2, 1L << 52, memory))
          .isInstanceOf(PlanException.class)
          .hasMessage(
              "not enough memory for 2 threads with 4503599627370496 bytes of scratch each;"
                  + " use fewer threads");
    }
  }

  @Test
  void aFailureWhileCountingItemsIsCarriedToo() {
    BoundKernel broken =
        new BoundKernel() {
          @Override
          public long items() {
            throw new AssertionError("no items");
          }

          @Override
          public long grain() {
            return 1;
          }

          @Override
          public void run(long from, long to, Worker worker) {}
        };
    try (Arena arena = Arena.ofShared();
        ThreadTeam team = new ThreadTeam(3, 64, arena)) {
      Walk walk = new Walk(List.of(new Walk.Stop("broken", broken, false)));
      assertThatThrownBy(() -> team.run(walk)).hasMessage("broken: no items");
    }
  }

  @Test
  void anIdleTeamSleepsAndWakes() throws InterruptedException {
    AtomicLong count = new AtomicLong();
    Walk walk =
        new Walk(List.of(new Walk.Stop("d", kernel(64, i -> count.incrementAndGet()), false)));
    var threads = ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofShared();
        ThreadTeam team = new ThreadTeam(4, 64, arena)) {
      team.run(walk);
      Thread.sleep(Duration.ofMillis(100));
      long before = cpuNanos(threads);
      Thread.sleep(Duration.ofMillis(300));
      assertThat(cpuNanos(threads) - before).isLessThan(30_000_000);
      for (int i = 0; i < 20; i++) {
        team.run(walk);
        Thread.sleep(Duration.ofMillis(4));
      }
    }
    assertThat(count).hasValue(21 * 64);
  }

  @Test
  void workersStartTheirShareOnce() {
    AtomicLong begins = new AtomicLong();
    BoundKernel kernel =
        new BoundKernel() {
          @Override
          public long items() {
            return 40;
          }

          @Override
          public long grain() {
            return 3;
          }

          @Override
          public long scratchBytes() {
            return 100;
          }

          @Override
          public void begin(Worker worker) {
            begins.incrementAndGet();
            assertThat(worker.scratch() % 64).isZero();
            Memory.i32(worker.scratch() + 96, 1);
          }

          @Override
          public void run(long from, long to, Worker worker) {
            assertThat(to).isLessThanOrEqualTo(40);
          }
        };
    Walk walk = new Walk(List.of(new Walk.Stop("d", kernel, false)));
    assertThat(walk.scratchBytes()).isEqualTo(100);
    try (Arena arena = Arena.ofShared();
        ThreadTeam team = new ThreadTeam(2, walk.scratchBytes(), arena)) {
      team.run(walk);
    }
    assertThat(begins.get()).isBetween(1L, 2L);
  }

  @Test
  void aClosedTeamRefusesWork() {
    try (Arena arena = Arena.ofShared()) {
      ThreadTeam team = new ThreadTeam(2, 64, arena);
      team.close();
      team.close();
      assertThatThrownBy(() -> team.run(new Walk(List.of()))).hasMessageContaining("closed");
    }
  }

  private static long cpuNanos(ThreadMXBean threads) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("diecast-cpu-"))
        .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.threadId())))
        .sum();
  }

  private static BoundKernel kernel(int items, LongConsumer body) {
    return new BoundKernel() {
      @Override
      public long items() {
        return items;
      }

      @Override
      public long grain() {
        return 1;
      }

      @Override
      public void run(long from, long to, Worker worker) {
        for (long i = from; i < to; i++) {
          body.accept(i);
        }
      }
    };
  }
}
