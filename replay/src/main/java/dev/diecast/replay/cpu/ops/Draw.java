package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;

/** Draws a token from the softmax of its logit over the temperature. */
final class Draw {
  private Draw() {}

  /** From all tokens, in id order; {@code weights} takes one float32 each. */
  static int fromAll(
      long scores, int n, float max, float temperature, double random, long weights) {
    double total = 0;
    for (int i = 0; i < n; i++) {
      float weight = (float) weight(Memory.f32(scores + 4L * i), max, temperature);
      Memory.f32(weights + 4L * i, weight);
      total += weight;
    }
    double left = random * total;
    int last = 0;
    for (int i = 0; i < n; i++) {
      float weight = Memory.f32(weights + 4L * i);
      if (weight > 0) {
        last = i;
        left -= weight;
        if (left < 0) {
          return i;
        }
      }
    }
    return last; // rounding left a crumb
  }

  /** From the listed tokens, in list order. */
  static int fromSome(
      long scores, long ids, int count, float max, float temperature, double random) {
    double total = 0;
    for (int i = 0; i < count; i++) {
      total += weight(score(scores, ids, i), max, temperature);
    }
    double left = random * total;
    for (int i = 0; i < count - 1; i++) {
      left -= weight(score(scores, ids, i), max, temperature);
      if (left < 0) {
        return Memory.i32(ids + 4L * i);
      }
    }
    return Memory.i32(ids + 4L * (count - 1));
  }

  private static float score(long scores, long ids, int i) {
    return Memory.f32(scores + 4L * Memory.i32(ids + 4L * i));
  }

  private static double weight(float score, float max, float temperature) {
    return Float.isNaN(score) ? 0 : Math.exp(((double) score - max) / temperature);
  }
}
