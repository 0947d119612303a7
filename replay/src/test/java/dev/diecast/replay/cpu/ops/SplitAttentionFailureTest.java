package dev.diecast.replay.cpu.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.KernelTeam;
import dev.diecast.replay.cpu.Worker;
import dev.diecast.replay.cpu.ops.SplitAttentionCase.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items of a split attention wait for each other, and any of them may fail. */
@Tag("vectors")
@Timeout(120)
class SplitAttentionFailureTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void whateverFailsNobodyWaitsAndTheNextRunIsRight(int threads) {
    for (int rows : new int[] {0, 16}) {
      Shape s = new Shape(6, 2, 40, 32, false, 3, 2, 60, rows);
      SplitAttentionCase c = new SplitAttentionCase(s, TensorType.Q8_0, arena);
      MemorySegment expected = c.chain(2);
      MemorySegment y = c.y();
      SplitAttention whole = (SplitAttention) c.fused(y).bind();
      FailingOnce attention = new FailingOnce(whole.attention());
      SplitAttention kernel =
          new SplitAttention(
              whole.heads(),
              whole.kvHeads(),
              whole.splits(),
              attention,
              new FailingJoin(whole.join(), attention),
              whole.tickets());
      long items = kernel.items();
      try (KernelTeam team = new KernelTeam(kernel, threads)) {
        for (long item = 0; item < items; item++) {
          attention.failAt(item);
          assertThatThrownBy(team::run).hasMessage("kernel: item " + item);
          c.tickets.fill((byte) 0); // as resetting a session does
          attention.failAt(-1);
          team.run();
          assertThat(y.mismatch(expected)).as("after item %s", item).isEqualTo(-1);
          c.assertTicketsZero();
        }
      }
    }
  }

  /** Items of a split attention, one of which fails: splits here, heads in {@link FailingJoin}. */
  private static final class FailingOnce implements BoundKernel {
    private final BoundKernel splits;
    private volatile long bad = -1;

    FailingOnce(BoundKernel splits) {
      this.splits = splits;
    }

    void failAt(long item) {
      bad = item;
    }

    void check(long item) {
      if (item == bad) {
        throw new IllegalStateException("item " + item);
      }
    }

    @Override
    public long items() {
      return splits.items();
    }

    @Override
    public long grain() {
      return 1;
    }

    @Override
    public long scratchBytes() {
      return splits.scratchBytes();
    }

    @Override
    public void run(long from, long to, Worker worker) {
      check(from);
      splits.run(from, to, worker);
    }
  }

  private record FailingJoin(Join inner, FailingOnce plan) implements Join {
    @Override
    public long items() {
      return inner.items();
    }

    @Override
    public long scratchBytes() {
      return inner.scratchBytes();
    }

    @Override
    public long head(long item) {
      return inner.head(item);
    }

    @Override
    public long firstToken(long item) {
      return inner.firstToken(item);
    }

    @Override
    public long lastToken(long item) {
      return inner.lastToken(item);
    }

    @Override
    public void run(long item, Worker worker) {
      plan.check(plan.items() + item);
      inner.run(item, worker);
    }
  }
}
