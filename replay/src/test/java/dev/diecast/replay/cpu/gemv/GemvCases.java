package dev.diecast.replay.cpu.gemv;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Every kernel of every type against {@link Reference}, callable from a test and, for forced vector
 * widths, from a process of its own.
 */
final class GemvCases {
  private GemvCases() {}

  /** The weight types of the catalogue. */
  static List<TensorType> types() {
    return KernelCatalog.WEIGHT_TYPES.stream()
        .map(suffix -> TensorType.ofSuffix(suffix).orElseThrow())
        .toList();
  }

  /** Checks every kernel of every type; throws at the first wrong result. */
  static void main(String[] args) {
    for (TensorType type : types()) {
      onePerKernel(type);
      FusedCases.few(type, type);
    }
    FusedCases.few(TensorType.Q4_0, TensorType.Q8_0);
    FusedCases.few(TensorType.Q4_K, TensorType.Q6_K);
    System.out.println("checked " + VectorWidth.chosen());
  }

  /** Checks every kernel of a type once, with a step that has a rest at every width. */
  static void onePerKernel(TensorType type) {
    int cols = type.blockValues() == 256 ? 512 : 416;
    gemv(type, 7, cols, 1, 1, true);
    gemv(type, 11, cols, 5, 5, true);
    gemv(type, 13, cols, 30, 27, true);
    head(type, 3, 9, cols, 1);
    headT(type, 3, 9, cols, 2);
    expert(type, 5, 10, cols, 7, false);
    embed(type, 11, cols, 4);
  }

  /** Checks all kernels of a type on shapes that reach every path. */
  static void all(TensorType type) {
    int block = type.blockValues();
    for (int cols : new int[] {block, 3 * block, 256, 768, 2048}) {
      gemv(type, 1, cols, 1, 1, false);
      gemv(type, 7, cols, 1, 1, true);
      gemv(type, 65, cols, 33, 33, true);
      gemv(type, 133, cols, 32, 32, true);
      gemv(type, 9, cols, 70, 60, false);
      gemv(type, 12, cols, 5, 3, true);
      gemv(type, 12, cols, 5, 1, true);
      gemv(type, 12, cols, 5, 9, false);
      head(type, 3, 9, cols, 1);
      head(type, 3, 9, cols, 6);
      headT(type, 3, 9, cols, 1);
      headT(type, 3, 9, cols, 6);
      expert(type, 5, 10, cols, 1, true);
      expert(type, 5, 10, cols, 7, true);
      expert(type, 5, 10, cols, 7, false);
      embed(type, 11, cols, 4);
    }
    gemv(type, 9, 4864, 27, 26, true); // two whole stretches of a tile, and a rest
    expert(type, 5, 10, 3 * block, 60, true);
    expert(type, 4, 35, 3 * block, 70, false);
    gemv(type, 300, 256, 1, 1, false);
  }

  /** y = W x + bias + residual, with y in the place of the residual. */
  static void gemv(TensorType type, int rows, int cols, int tokens, int active, boolean fused) {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(rows * 31L + cols);
      Dispatch d = new Dispatch("gemv_" + type.suffix(), arena);
      long rowBytes = type.rowBytes(cols);
      long w = d.buffer("w", rows * rowBytes);
      RandomBlocks.fill(type, w, rows * rowBytes, random);
      int xStride = cols + 5;
      int yStride = rows + 3;
      float[] x = gaussian(tokens * xStride, random);
      d.floats("x", x);
      float[] residual = gaussian(tokens * yStride, random);
      float[] bias = gaussian(rows, random);
      d.floats("y", residual);
      if (fused) {
        d.floats("bias", bias);
        d.alias("residual", "y");
      }
      d.arg("n_tokens", tokens).arg("rows", rows).arg("cols", cols);
      d.arg("x_stride", xStride).arg("y_stride", yStride);
      d.arg("residual_stride", yStride).arg("row_bytes", rowBytes);
      d.active(active);
      double[] want = new double[tokens * yStride];
      for (int i = 0; i < want.length; i++) {
        want[i] = residual[i];
      }
      for (int r = 0; r < rows; r++) {
        double[] row = Reference.row(type, w + r * rowBytes, cols);
        for (int t = 0; t < Math.min(tokens, active); t++) {
          double sum = Reference.dot(row, x, t * xStride);
          int at = t * yStride + r;
          want[at] = fused ? sum + bias[r] + residual[at] : sum;
        }
      }
      check(d, type, want, () -> d.write("y", residual));
    }
  }

  static void head(TensorType type, int heads, int rows, int cols, int tokens) {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(heads * 31L + cols);
      Dispatch d = new Dispatch("head_gemv_" + type.suffix(), arena);
      float[] x = heads(d, type, heads, rows, cols, tokens, cols, rows, random);
      double[] want = new double[tokens * heads * rows];
      long rowBytes = type.rowBytes(cols);
      for (int h = 0; h < heads; h++) {
        for (int r = 0; r < rows; r++) {
          double[] row = Reference.row(type, d.address("w") + (h * rows + r) * rowBytes, cols);
          for (int t = 0; t < tokens; t++) {
            want[(t * heads + h) * rows + r] = Reference.dot(row, x, (t * heads + h) * cols);
          }
        }
      }
      check(d, type, want, () -> {});
    }
  }

  static void headT(TensorType type, int heads, int rows, int cols, int tokens) {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(heads * 31L + cols);
      Dispatch d = new Dispatch("head_gemv_t_" + type.suffix(), arena);
      float[] x = heads(d, type, heads, rows, cols, tokens, rows, cols, random);
      double[] want = new double[tokens * heads * cols];
      long rowBytes = type.rowBytes(cols);
      for (int h = 0; h < heads; h++) {
        for (int r = 0; r < rows; r++) {
          double[] row = Reference.row(type, d.address("w") + (h * rows + r) * rowBytes, cols);
          for (int t = 0; t < tokens; t++) {
            for (int c = 0; c < cols; c++) {
              want[(t * heads + h) * cols + c] += row[c] * x[(t * heads + h) * rows + r];
            }
          }
        }
      }
      check(d, type, want, () -> {});
    }
  }

  static void expert(TensorType type, int experts, int rows, int cols, int tokens, boolean shared) {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(experts * 31L + cols);
      Dispatch d = new Dispatch("expert_gemv_" + type.suffix(), arena);
      int used = 3;
      long rowBytes = type.rowBytes(cols);
      long w = d.buffer("w", rowBytes * rows * experts);
      RandomBlocks.fill(type, w, rowBytes * rows * experts, random);
      float[] x = gaussian(tokens * used * cols, random);
      d.floats("x", x);
      d.buffer("y", 4L * tokens * used * rows);
      long ids = d.buffer("ids", 4L * tokens * used);
      d.arg("n_tokens", tokens).arg("n_expert", experts).arg("n_used", used);
      d.arg("rows", rows).arg("cols", cols);
      d.arg("x_stride", used * cols).arg("x_slot_stride", shared ? 0 : cols);
      d.arg("y_stride", used * rows).arg("y_slot_stride", rows);
      d.arg("row_bytes", rowBytes).arg("expert_bytes", rows * rowBytes);
      d.active(tokens);
      double[] want = new double[tokens * used * rows];
      for (int t = 0; t < tokens; t++) {
        for (int j = 0; j < used; j++) {
          int id = (t * 2 + j * (experts - 1)) % experts;
          Memory.i32(ids + 4L * (t * used + j), id);
          for (int r = 0; r < rows; r++) {
            double[] row = Reference.row(type, w + (id * rows + r) * rowBytes, cols);
            int at = t * used * cols + (shared ? 0 : j * cols);
            want[(t * used + j) * rows + r] = Reference.dot(row, x, at);
          }
        }
      }
      check(d, type, want, () -> {});
    }
  }

  static void embed(TensorType type, int vocab, int cols, int tokens) {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(vocab * 31L + cols);
      Dispatch d = new Dispatch("embed_" + type.suffix(), arena);
      long rowBytes = type.rowBytes(cols);
      long w = d.buffer("w", vocab * rowBytes);
      RandomBlocks.fill(type, w, vocab * rowBytes, random);
      long ids = d.buffer("tokens", 4L * tokens);
      d.buffer("y", 4L * tokens * cols);
      d.arg("n_tokens", tokens).arg("n_vocab", vocab).arg("cols", cols);
      d.arg("y_stride", cols).arg("row_bytes", rowBytes);
      d.active(tokens);
      double[] want = new double[tokens * cols];
      for (int t = 0; t < tokens; t++) {
        int id = t == 0 ? vocab - 1 : random.nextInt(vocab);
        Memory.i32(ids + 4L * t, id);
        System.arraycopy(Reference.row(type, w + id * rowBytes, cols), 0, want, t * cols, cols);
      }
      check(d, type, want, () -> {});
    }
  }

  private static float[] heads(
      Dispatch d,
      TensorType type,
      int heads,
      int rows,
      int cols,
      int tokens,
      int xValues,
      int yValues,
      Random random) {
    long rowBytes = type.rowBytes(cols);
    long bytes = rowBytes * rows * heads;
    RandomBlocks.fill(type, d.buffer("w", bytes), bytes, random);
    float[] x = gaussian(tokens * heads * xValues, random);
    d.floats("x", x);
    d.buffer("y", 4L * tokens * heads * yValues);
    d.arg("n_tokens", tokens).arg("heads", heads).arg("rows", rows).arg("cols", cols);
    d.arg("x_stride", heads * xValues).arg("x_head_stride", xValues);
    d.arg("y_stride", heads * yValues).arg("y_head_stride", yValues);
    d.arg("row_bytes", rowBytes).arg("head_bytes", rows * rowBytes);
    d.active(tokens);
    return x;
  }

  /** Right within tolerance, nothing written beside, and bit-identical however it is cut. */
  private static void check(Dispatch d, TensorType type, double[] want, Runnable reset) {
    var bound = d.bind();
    d.run(bound, 1, bound.grain());
    float[] whole = d.floats("y");
    double error = Reference.relativeError(whole, want);
    if (!(error <= Reference.tolerance(type))) {
      throw new AssertionError(d.describe() + ": relative error " + error);
    }
    d.checkGuards();
    reset.run();
    var again = d.bind();
    d.run(again, 3, 5);
    if (!Arrays.equals(whole, d.floats("y"))) {
      throw new AssertionError(d.describe() + ": the cut changed the result");
    }
  }

  private static float[] gaussian(int n, Random random) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }
}
