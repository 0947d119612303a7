package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Worker;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Once compiled, the fused kernels run without making an object, with one token, with a few and
 * with many.
 */
class FusedAllocationTest {
  private static final int ROWS = 96;
  private static final int COLS = 512;
  private static final int RUNS = 100;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 32})
  void aCompiledRunAllocatesNothing(int tokens) {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(3);
      for (Dispatch d :
          new Dispatch[] {linears(tokens, random, arena), down(tokens, random, arena)}) {
        BoundKernel kernel = d.bind();
        Worker worker = new Worker(0, arena.allocate(kernel.scratchBytes(), 64).address());
        long start = System.nanoTime();
        long allocated = Long.MAX_VALUE;
        while (allocated > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
          long before = threads.getCurrentThreadAllocatedBytes();
          for (int i = 0; i < RUNS; i++) {
            kernel.begin(worker);
            kernel.run(0, kernel.items(), worker);
          }
          allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes of %d runs: %s", RUNS, d.describe()).isZero();
      }
    }
  }

  private static Dispatch linears(int tokens, Random random, Arena arena) {
    Dispatch d = new Dispatch("linears", arena);
    d.floats("x", Fixtures.gaussian(tokens * COLS, random));
    d.floats("norm", Fixtures.normWeights(COLS, random));
    for (int i = 0; i < 4; i++) {
      TensorType type = i == 3 ? null : i == 0 ? TensorType.Q8_0 : TensorType.Q4_0;
      TensorType up = i == 1 ? TensorType.Q8_0 : null;
      Fixtures.weights(d, "w_" + i, type, ROWS, COLS, random);
      Fixtures.weights(d, "up_" + i, up, ROWS, COLS, random);
      if (type != null) {
        d.buffer("y_" + i, 4L * ROWS * tokens);
      }
      d.arg("rows_" + i, ROWS).arg("y_" + i + "_stride", ROWS);
      d.arg("residual_" + i + "_stride", ROWS);
      d.arg("w_" + i + "_row_bytes", Fixtures.rowBytes(type, COLS));
      d.arg("up_" + i + "_row_bytes", Fixtures.rowBytes(up, COLS));
    }
    d.active(tokens);
    d.arg("n_tokens", tokens).arg("cols", COLS).arg("x_stride", COLS);
    return d.arg("last_only", 0).arg("eps", 1e-6f);
  }

  private static Dispatch down(int tokens, Random random, Arena arena) {
    int used = 3;
    int experts = 5;
    Dispatch d = new Dispatch("expert_down", arena);
    Fixtures.weights(d, "w", TensorType.Q4_0, (long) experts * ROWS, COLS, random);
    Fixtures.weights(d, "shared", TensorType.Q8_0, ROWS, COLS, random);
    Fixtures.ids(d, tokens, used, experts);
    d.floats("weights", Fixtures.gaussian(tokens * used, random));
    d.floats("x", Fixtures.gaussian(tokens * used * COLS, random));
    d.floats("shared_x", Fixtures.gaussian(tokens * COLS, random));
    d.buffer("y", 4L * ROWS * tokens);
    d.active(tokens);
    d.arg("n_tokens", tokens).arg("n_expert", experts).arg("n_used", used).arg("rows", ROWS);
    d.arg("cols", COLS).arg("shared_cols", COLS).arg("x_stride", used * COLS);
    d.arg("x_slot_stride", COLS).arg("weights_stride", used).arg("y_stride", ROWS);
    d.arg("shared_x_stride", COLS).arg("residual_stride", ROWS);
    d.arg("w_row_bytes", TensorType.Q4_0.rowBytes(COLS));
    d.arg("w_expert_bytes", ROWS * TensorType.Q4_0.rowBytes(COLS));
    return d.arg("shared_row_bytes", TensorType.Q8_0.rowBytes(COLS));
  }
}
