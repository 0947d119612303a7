package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * C2 keeps every vector of a weight product in a register: compiled code makes no objects. The
 * largest bodies come first: what the others leave in the profiles of shared vector methods can
 * make C2 box in them, see docs/negative-results.md.
 */
class ProductAllocationTest {
  private static final int COLS = 2048;
  private static final int ROWS = 128;
  private static final int CALLS = 100;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "q4_k", "q5_k", "q6_k", "q4_0", "q8_0", "f16", "bf16", "f32", "q4_1", "q5_0", "q5_1"
      })
  void aCompiledProductAllocatesNothing(String suffix) {
    TensorType type = TensorType.ofSuffix(suffix).orElseThrow();
    try (Arena arena = Arena.ofConfined()) {
      RowProduct product = WeightFormat.of(type, VectorWidth.chosen()).product();
      Matrix matrix = new Matrix(ROWS, COLS, type.rowBytes(COLS));
      long w = arena.allocate(ROWS * matrix.rowBytes() + 64, 64).address();
      long x = arena.allocate(4L * COLS, 64).address();
      Memory.f32(x, 1);
      long packed = arena.allocate(product.packedBytes(COLS), 64).address();
      long work = arena.allocate(product.workBytes(), 64).address();
      long sums = arena.allocate(4L * ROWS, 64).address();
      long start = System.nanoTime();
      long allocated = Long.MAX_VALUE;
      while (allocated > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
          product.pack(x, COLS, packed);
          product.multiply(w, matrix, 0, matrix.quads(), packed, work, sums);
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).as("bytes of %d calls", CALLS).isZero();
    }
  }
}
