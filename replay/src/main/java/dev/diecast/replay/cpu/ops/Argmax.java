package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The index of the largest value: the lowest among equals, NaN below everything. */
final class Argmax {
  private static final int CHUNK = 1024;

  private Argmax() {}

  static int of(long values, int n) {
    float max = Float.NEGATIVE_INFINITY;
    int chunk = 0;
    for (int i = 0; i < n; i += CHUNK) {
      float most = max(values + 4L * i, Math.min(CHUNK, n - i));
      if (most > max) {
        max = most;
        chunk = i;
      }
    }
    for (int i = chunk; i < n; i++) {
      if (Memory.f32(values + 4L * i) == max) {
        return i;
      }
    }
    return 0; // all NaN
  }

  private static float max(long values, int n) {
    FloatVector a = FloatVector.broadcast(Lanes.F32, Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    int step = Lanes.COUNT;
    int i = 0;
    for (; i <= n - 2 * step; i += 2 * step) {
      FloatVector x = Lanes.load(values + 4L * i);
      FloatVector y = Lanes.load(values + 4L * (i + step));
      a = a.blend(x, x.compare(VectorOperators.GT, a));
      b = b.blend(y, y.compare(VectorOperators.GT, b));
    }
    float max = a.max(b).reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      float x = Memory.f32(values + 4L * i);
      max = x > max ? x : max;
    }
    return max;
  }
}
