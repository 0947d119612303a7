package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What the cases of the fused kernels have in common. */
final class Fixtures {
  private Fixtures() {}

  static float[] gaussian(int n, Random random) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** Around 1, as in models: packed activations keep fewer bits of a vector with outliers. */
  static float[] normWeights(int n, Random random) {
    float[] w = new float[n];
    for (int i = 0; i < n; i++) {
      w[i] = 0.75f + 0.5f * random.nextFloat();
    }
    return w;
  }

  /** Binds random weights of that type, or states that there are none. */
  static void weights(
      Dispatch d, String slot, @Nullable TensorType type, long rows, int cols, Random random) {
    d.constant(slot + "_type", type == null ? -1 : type.id());
    if (type != null) {
      long bytes = rows * type.rowBytes(cols);
      RandomBlocks.fill(type, d.buffer(slot, bytes), bytes, random);
    }
  }

  static long rowBytes(@Nullable TensorType type, int cols) {
    return type == null ? 0 : type.rowBytes(cols);
  }

  /** The values of bound weights; no rows when there are none. */
  static double[][] rows(Dispatch d, String slot, @Nullable TensorType type, int rows, int cols) {
    double[][] values = new double[type == null ? 0 : rows][];
    for (int r = 0; type != null && r < rows; r++) {
      values[r] = Reference.row(type, d.address(slot) + r * type.rowBytes(cols), cols);
    }
    return values;
  }

  static double dot(double[] w, double[] x) {
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      sum += w[i] * x[i];
    }
    return sum;
  }

  /** The vector at an index of x, normed if there are weights for it. */
  static double[] vector(float[] x, int at, int cols, float @Nullable [] norm, float eps) {
    double squares = 0;
    for (int i = 0; i < cols; i++) {
      squares += (double) x[at + i] * x[at + i];
    }
    double scale = norm == null ? 1 : 1 / Math.sqrt(squares / cols + eps);
    double[] y = new double[cols];
    for (int i = 0; i < cols; i++) {
      y[i] = x[at + i] * scale * (norm == null ? 1 : norm[i]);
    }
    return y;
  }

  static double siluMul(double gate, double up) {
    return gate / (1 + Math.exp(-gate)) * up;
  }

  static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /** Three ids per token: distinct, and some experts shared by many tokens. */
  static void ids(Dispatch d, int tokens, int used, int experts) {
    long at = d.buffer("ids", 4L * tokens * used);
    for (int t = 0; t < tokens; t++) {
      for (int j = 0; j < used; j++) {
        Memory.i32(at + 4L * (t * used + j), (t * 2 + j * (experts - 1)) % experts);
      }
    }
  }

  static int id(Dispatch d, int token, int slot, int used) {
    return Memory.i32(d.address("ids") + 4L * (token * used + slot));
  }

  /** The error that results from weights of these types may have. */
  static double tolerance(List<TensorType> types) {
    double most = types.stream().mapToDouble(Reference::tolerance).max().orElseThrow();
    // silu(g) * u takes up the errors of both factors, and silu has a slope of up to 1.1.
    return types.size() > 1 ? 2.5 * most : most;
  }

  /** Checks one result. */
  static void near(Dispatch d, String slot, double[] want, double tolerance) {
    double error = Reference.relativeError(d.floats(slot), want);
    if (!(error <= tolerance)) {
      throw new AssertionError(d.describe() + ": " + slot + " has a relative error of " + error);
    }
  }

  /** Runs again with three workers and other claims; all bits must be as before. */
  static void sameBitsHoweverCut(Dispatch d, List<String> results, Runnable reset) {
    List<float[]> before = results.stream().map(d::floats).toList();
    for (long grain : new long[] {1, 5}) {
      reset.run();
      d.run(d.bind(), 3, grain);
      for (int i = 0; i < before.size(); i++) {
        if (!Arrays.equals(before.get(i), d.floats(results.get(i)))) {
          throw new AssertionError(
              d.describe() + ": claims of " + grain + " changed " + results.get(i));
        }
      }
    }
    d.checkGuards();
  }
}
