package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;

/**
 * A partial softmax over one split: maximum, sum of e^(score - maximum), and as many values,
 * weighted but not divided by the sum. All float32, packed, by token, head and split.
 */
final class Partial {
  private static final int HEADER = 2;

  private Partial() {}

  static long bytes(int dv) {
    return 4L * (HEADER + dv);
  }

  static long bytes(int tokens, int heads, int splits, int dv) {
    int width = Math.addExact(HEADER, dv);
    return Span.of(width)
        .by(splits, width)
        .by(heads, Math.multiplyExact(splits, width))
        .by(tokens, Math.multiplyExact(heads, Math.multiplyExact(splits, width)))
        .floats();
  }

  static float max(long partial) {
    return Memory.f32(partial);
  }

  static float sum(long partial) {
    return Memory.f32(partial + 4);
  }

  static void set(long partial, float max, float sum) {
    Memory.f32(partial, max);
    Memory.f32(partial + 4, sum);
  }

  static long values(long partial) {
    return partial + 4L * HEADER;
  }

  /** An empty split. */
  static void clear(long partial, int dv) {
    set(partial, Float.NEGATIVE_INFINITY, 0);
    for (int d = 0; d < dv; d++) {
      Memory.f32(values(partial) + 4L * d, 0);
    }
  }
}
