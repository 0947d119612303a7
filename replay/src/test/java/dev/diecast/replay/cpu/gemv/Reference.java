package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;

/** What the kernels should compute, in double precision from scalar block decoding. */
final class Reference {
  private Reference() {}

  /** The values of a row. */
  static double[] row(TensorType type, long address, int cols) {
    try (Arena arena = Arena.ofConfined()) {
      long floats = arena.allocate(4L * cols, 64).address();
      ScalarBlocks.of(type).decode(address, cols, floats);
      double[] values = new double[cols];
      for (int i = 0; i < cols; i++) {
        values[i] = Memory.f32(floats + 4L * i);
      }
      return values;
    }
  }

  /** Row times vector. */
  static double dot(double[] row, float[] x, int at) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += row[i] * x[at + i];
    }
    return sum;
  }

  /** |got - want| / |want| over all values. */
  static double relativeError(float[] got, double[] want) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < want.length; i++) {
      error += (got[i] - want[i]) * (got[i] - want[i]);
      norm += want[i] * want[i];
    }
    return norm == 0 ? Math.sqrt(error) : Math.sqrt(error / norm);
  }

  /**
   * The error that a product may have against float64. Float activations: rounding only. Packed
   * integer activations of b bits and sign keep 2^-b of a block's largest value: measured 4e-4 for
   * 10 bits and 8e-4 for 9 on Gaussian vectors.
   */
  static double tolerance(TensorType type) {
    return switch (type) {
      case Q4_0 -> 1e-3;
      case Q4_K, Q5_K, Q6_K -> 4e-3;
      default -> 3e-6;
    };
  }
}
