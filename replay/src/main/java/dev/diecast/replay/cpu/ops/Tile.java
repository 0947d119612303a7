package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A handful of widened cache rows and what attention does with them. Each step is one flat method
 * from memory to memory: a vector that crosses a call which is not inlined would be boxed.
 */
final class Tile {
  /** Positions in a tile; a multiple of every vector length, so that scores need no tail. */
  static final int ROWS = 16;

  /** A tile's scores, with a gap that keeps rows 64-byte aligned. */
  static final long SCORE_BYTES = 4L * ROWS;

  private Tile() {}

  /** Bytes from one row to the next. */
  static long rowBytes(int width) {
    return (4L * width + 63) & -64;
  }

  static long bytes(int width) {
    return ROWS * rowBytes(width);
  }

  /**
   * scores[j] = q . row j for the first {@code rows} rows, four rows at a time; up to three scores
   * after them are computed from whatever the tile holds there.
   */
  static void scores(long q, long tile, int width, int rows, long scores) {
    long row = rowBytes(width);
    for (int j = 0; j < rows; j += 4) {
      dots(q, tile + j * row, row, width, scores + 4L * j);
    }
  }

  private static void dots(long q, long k0, long row, int width, long scores) {
    long k1 = k0 + row;
    long k2 = k1 + row;
    long k3 = k2 + row;
    FloatVector a = FloatVector.zero(Lanes.F32);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int body = Lanes.F32.loopBound(width);
    for (int i = 0; i < body; i += Lanes.COUNT) {
      long at = 4L * i;
      FloatVector x = Lanes.load(q + at);
      a = Lanes.load(k0 + at).fma(x, a);
      b = Lanes.load(k1 + at).fma(x, b);
      c = Lanes.load(k2 + at).fma(x, c);
      d = Lanes.load(k3 + at).fma(x, d);
    }
    Memory.f32(scores, a.reduceLanes(VectorOperators.ADD) + dot(q, k0, body, width));
    Memory.f32(scores + 4, b.reduceLanes(VectorOperators.ADD) + dot(q, k1, body, width));
    Memory.f32(scores + 8, c.reduceLanes(VectorOperators.ADD) + dot(q, k2, body, width));
    Memory.f32(scores + 12, d.reduceLanes(VectorOperators.ADD) + dot(q, k3, body, width));
  }

  private static float dot(long q, long k, int from, int to) {
    float sum = 0;
    for (int i = from; i < to; i++) {
      sum = Math.fma(Memory.f32(q + 4L * i), Memory.f32(k + 4L * i), sum);
    }
    return sum;
  }

  /**
   * Turns scores into weights e^(scale * score - max) in place and folds them into the partial's
   * maximum and sum; weights past {@code rows} become 0. Returns the factor for what was summed
   * before.
   */
  static float weigh(long scores, int rows, float scale, long partial) {
    float before = Partial.max(partial);
    float max = before;
    for (int j = 0; j < rows; j++) {
      float score = Memory.f32(scores + 4L * j) * scale;
      Memory.f32(scores + 4L * j, score);
      max = Math.max(max, score);
    }
    for (int j = rows; j < ROWS; j++) {
      Memory.f32(scores + 4L * j, Float.NEGATIVE_INFINITY);
    }
    float decay = before == max ? 1 : (float) Math.exp((double) before - max);
    Partial.set(partial, max, Partial.sum(partial) * decay + exponentials(scores, max));
    return decay;
  }

  private static float exponentials(long scores, float max) {
    FloatVector sum = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < ROWS; j += Lanes.COUNT) {
      FloatVector weight = Exp.of(Lanes.load(scores + 4L * j).sub(max));
      Lanes.store(weight, scores + 4L * j);
      sum = sum.add(weight);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /** sums = sums * decay + weights[j] * row j, over the rows of a tile. */
  static void accumulate(
      long weights, int rows, float decay, long tile, long row, int width, long sums) {
    int step = Lanes.COUNT;
    int i = 0;
    for (; i <= width - 4 * step; i += 4 * step) {
      accumulateFour(weights, rows, decay, tile + 4L * i, row, sums + 4L * i);
    }
    for (; i <= width - step; i += step) {
      accumulateOne(weights, rows, decay, tile + 4L * i, row, sums + 4L * i);
    }
    for (; i < width; i++) {
      float sum = Memory.f32(sums + 4L * i) * decay;
      for (int j = 0; j < rows; j++) {
        sum = Math.fma(Memory.f32(weights + 4L * j), Memory.f32(tile + j * row + 4L * i), sum);
      }
      Memory.f32(sums + 4L * i, sum);
    }
  }

  private static void accumulateFour(
      long weights, int rows, float decay, long tile, long row, long sums) {
    long width = 4L * Lanes.COUNT;
    FloatVector a = Lanes.load(sums).mul(decay);
    FloatVector b = Lanes.load(sums + width).mul(decay);
    FloatVector c = Lanes.load(sums + 2 * width).mul(decay);
    FloatVector d = Lanes.load(sums + 3 * width).mul(decay);
    for (int j = 0; j < rows; j++) {
      FloatVector w = FloatVector.broadcast(Lanes.F32, Memory.f32(weights + 4L * j));
      long at = tile + j * row;
      a = Lanes.load(at).fma(w, a);
      b = Lanes.load(at + width).fma(w, b);
      c = Lanes.load(at + 2 * width).fma(w, c);
      d = Lanes.load(at + 3 * width).fma(w, d);
    }
    Lanes.store(a, sums);
    Lanes.store(b, sums + width);
    Lanes.store(c, sums + 2 * width);
    Lanes.store(d, sums + 3 * width);
  }

  private static void accumulateOne(
      long weights, int rows, float decay, long tile, long row, long sums) {
    FloatVector sum = Lanes.load(sums).mul(decay);
    for (int j = 0; j < rows; j++) {
      FloatVector w = FloatVector.broadcast(Lanes.F32, Memory.f32(weights + 4L * j));
      sum = Lanes.load(tile + j * row).fma(w, sum);
    }
    Lanes.store(sum, sums);
  }
}
