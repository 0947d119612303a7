package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;

/**
 * The index of the largest value: the lowest among equals, NaN below everything. Scalar, because it
 * is called once per token and takes a few dozen microseconds as it is.
 */
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
    float a = Float.NEGATIVE_INFINITY;
    float b = a;
    float c = a;
    float d = a;
    int i = 0;
    for (; i <= n - 4; i += 4) {
      float x = Memory.f32(values + 4L * i);
      float y = Memory.f32(values + 4L * i + 4);
      float z = Memory.f32(values + 4L * i + 8);
      float w = Memory.f32(values + 4L * i + 12);
      a = x > a ? x : a;
      b = y > b ? y : b;
      c = z > c ? z : c;
      d = w > d ? w : d;
    }
    for (; i < n; i++) {
      float x = Memory.f32(values + 4L * i);
      a = x > a ? x : a;
    }
    return Math.max(Math.max(a, b), Math.max(c, d));
  }
}
