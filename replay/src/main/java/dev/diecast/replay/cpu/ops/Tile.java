package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;

/**
 * A handful of widened cache rows and what attention does with them. The vector methods go from
 * memory to memory and are too long for C2 to inline into each other or into the kernel (more than
 * 325 bytes of bytecode, {@code FreqInlineSize}): together they would exceed a node count, after
 * which C2 boxes vectors.
 */
final class Tile {
  /** Positions in a tile: a multiple of every vector length and of those scored at once. */
  static final int ROWS = 32;

  private static final int AT_ONCE = 8;

  /** A tile's scores, and room for a widest vector per row that is scored at once. */
  static final long SCORE_BYTES = 4L * ROWS + 64L * AT_ONCE;

  private Tile() {}

  /** Bytes from one row to the next. */
  static long rowBytes(int width) {
    return (4L * width + 63) & -64;
  }

  static long bytes(int width) {
    return ROWS * rowBytes(width);
  }

  /**
   * scores[j] = q . row j for the first {@code rows} rows, eight rows at a time; up to seven scores
   * after them are computed from whatever the tile holds there. The lanes of each product pass
   * through memory, so that one loop sums them all.
   */
  static void scores(long q, long tile, int width, int rows, long scores) {
    long row = rowBytes(width);
    long lanes = scores + 4L * ROWS;
    long next = 4L * Lanes.COUNT;
    int body = Lanes.F32.loopBound(width);
    for (int j = 0; j < rows; j += AT_ONCE) {
      long first = tile + j * row;
      FloatVector a = FloatVector.zero(Lanes.F32);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      FloatVector e = a;
      FloatVector f = a;
      FloatVector g = a;
      FloatVector h = a;
      for (int i = 0; i < body; i += Lanes.COUNT) {
        long k = first + 4L * i;
        FloatVector x = Lanes.load(q + 4L * i);
        a = Lanes.load(k).fma(x, a);
        b = Lanes.load(k + row).fma(x, b);
        c = Lanes.load(k + 2 * row).fma(x, c);
        d = Lanes.load(k + 3 * row).fma(x, d);
        e = Lanes.load(k + 4 * row).fma(x, e);
        f = Lanes.load(k + 5 * row).fma(x, f);
        g = Lanes.load(k + 6 * row).fma(x, g);
        h = Lanes.load(k + 7 * row).fma(x, h);
      }
      Lanes.store(a, lanes);
      Lanes.store(b, lanes + next);
      Lanes.store(c, lanes + 2 * next);
      Lanes.store(d, lanes + 3 * next);
      Lanes.store(e, lanes + 4 * next);
      Lanes.store(f, lanes + 5 * next);
      Lanes.store(g, lanes + 6 * next);
      Lanes.store(h, lanes + 7 * next);
      for (int r = 0; r < AT_ONCE; r++) {
        float score = Lanes.sum(Lanes.load(lanes + r * next));
        Memory.f32(scores + 4L * (j + r), score + dot(q, first + r * row, body, width));
      }
    }
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
    float sum = Exp.vector(scores, scores, ROWS, 1, -max);
    Partial.set(partial, max, Partial.sum(partial) * decay + sum);
    return decay;
  }

  /** sums = sums * decay + weights[j] * row j, over the rows of a tile. */
  static void accumulate(
      long weights, int rows, float decay, long tile, long row, int width, long sums) {
    int step = Lanes.COUNT;
    long next = 4L * step;
    int i = 0;
    for (; i <= width - 4 * step; i += 4 * step) {
      long to = sums + 4L * i;
      FloatVector a = Lanes.load(to).mul(decay);
      FloatVector b = Lanes.load(to + next).mul(decay);
      FloatVector c = Lanes.load(to + 2 * next).mul(decay);
      FloatVector d = Lanes.load(to + 3 * next).mul(decay);
      for (int j = 0; j < rows; j++) {
        FloatVector w = FloatVector.broadcast(Lanes.F32, Memory.f32(weights + 4L * j));
        long from = tile + j * row + 4L * i;
        a = Lanes.load(from).fma(w, a);
        b = Lanes.load(from + next).fma(w, b);
        c = Lanes.load(from + 2 * next).fma(w, c);
        d = Lanes.load(from + 3 * next).fma(w, d);
      }
      Lanes.store(a, to);
      Lanes.store(b, to + next);
      Lanes.store(c, to + 2 * next);
      Lanes.store(d, to + 3 * next);
    }
    for (; i <= width - step; i += step) {
      FloatVector sum = Lanes.load(sums + 4L * i).mul(decay);
      for (int j = 0; j < rows; j++) {
        FloatVector w = FloatVector.broadcast(Lanes.F32, Memory.f32(weights + 4L * j));
        sum = Lanes.load(tile + j * row + 4L * i).fma(w, sum);
      }
      Lanes.store(sum, sums + 4L * i);
    }
    accumulate(weights, rows, decay, tile, row, i, width, sums);
  }

  private static void accumulate(
      long weights, int rows, float decay, long tile, long row, int from, int to, long sums) {
    for (int i = from; i < to; i++) {
      float sum = Memory.f32(sums + 4L * i) * decay;
      for (int j = 0; j < rows; j++) {
        sum = Math.fma(Memory.f32(weights + 4L * j), Memory.f32(tile + j * row + 4L * i), sum);
      }
      Memory.f32(sums + 4L * i, sum);
    }
  }
}
