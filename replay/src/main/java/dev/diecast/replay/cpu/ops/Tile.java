package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.Memory.ALL;
import static dev.diecast.replay.cpu.Memory.LE;
import static dev.diecast.replay.cpu.ops.Lanes.F32;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

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
    int body = F32.loopBound(width);
    for (int j = 0; j < rows; j += AT_ONCE) {
      long first = tile + j * row;
      FloatVector a = FloatVector.zero(F32);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      FloatVector e = a;
      FloatVector f = a;
      FloatVector g = a;
      FloatVector h = a;
      for (int i = 0; i < body; i += Lanes.COUNT) {
        long k = first + 4L * i;
        FloatVector x = fromMemorySegment(F32, ALL, q + 4L * i, LE);
        a = fromMemorySegment(F32, ALL, k, LE).fma(x, a);
        b = fromMemorySegment(F32, ALL, k + row, LE).fma(x, b);
        c = fromMemorySegment(F32, ALL, k + 2 * row, LE).fma(x, c);
        d = fromMemorySegment(F32, ALL, k + 3 * row, LE).fma(x, d);
        e = fromMemorySegment(F32, ALL, k + 4 * row, LE).fma(x, e);
        f = fromMemorySegment(F32, ALL, k + 5 * row, LE).fma(x, f);
        g = fromMemorySegment(F32, ALL, k + 6 * row, LE).fma(x, g);
        h = fromMemorySegment(F32, ALL, k + 7 * row, LE).fma(x, h);
      }
      a.intoMemorySegment(ALL, lanes, LE);
      b.intoMemorySegment(ALL, lanes + next, LE);
      c.intoMemorySegment(ALL, lanes + 2 * next, LE);
      d.intoMemorySegment(ALL, lanes + 3 * next, LE);
      e.intoMemorySegment(ALL, lanes + 4 * next, LE);
      f.intoMemorySegment(ALL, lanes + 5 * next, LE);
      g.intoMemorySegment(ALL, lanes + 6 * next, LE);
      h.intoMemorySegment(ALL, lanes + 7 * next, LE);
      for (int r = 0; r < AT_ONCE; r++) {
        float score = Lanes.sum(lanes + r * next);
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
      FloatVector a = fromMemorySegment(F32, ALL, to, LE).mul(decay);
      FloatVector b = fromMemorySegment(F32, ALL, to + next, LE).mul(decay);
      FloatVector c = fromMemorySegment(F32, ALL, to + 2 * next, LE).mul(decay);
      FloatVector d = fromMemorySegment(F32, ALL, to + 3 * next, LE).mul(decay);
      for (int j = 0; j < rows; j++) {
        FloatVector w = FloatVector.broadcast(F32, Memory.f32(weights + 4L * j));
        long from = tile + j * row + 4L * i;
        a = fromMemorySegment(F32, ALL, from, LE).fma(w, a);
        b = fromMemorySegment(F32, ALL, from + next, LE).fma(w, b);
        c = fromMemorySegment(F32, ALL, from + 2 * next, LE).fma(w, c);
        d = fromMemorySegment(F32, ALL, from + 3 * next, LE).fma(w, d);
      }
      a.intoMemorySegment(ALL, to, LE);
      b.intoMemorySegment(ALL, to + next, LE);
      c.intoMemorySegment(ALL, to + 2 * next, LE);
      d.intoMemorySegment(ALL, to + 3 * next, LE);
    }
    for (; i <= width - step; i += step) {
      FloatVector sum = fromMemorySegment(F32, ALL, sums + 4L * i, LE).mul(decay);
      for (int j = 0; j < rows; j++) {
        FloatVector w = FloatVector.broadcast(F32, Memory.f32(weights + 4L * j));
        sum = fromMemorySegment(F32, ALL, tile + j * row + 4L * i, LE).fma(w, sum);
      }
      sum.intoMemorySegment(ALL, sums + 4L * i, LE);
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
