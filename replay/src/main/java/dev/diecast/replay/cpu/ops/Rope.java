package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.Memory.ALL;
import static dev.diecast.replay.cpu.Memory.LE;
import static dev.diecast.replay.cpu.ops.Lanes.F32;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@code rope}: (a, b) becomes (a cos - b sin, a sin + b cos) for every pair of a head; one item
 * per token and head. The angles lie as cos, sin, cos, sin.
 */
record Rope(Step step, int heads, int n, Turn turn, HeadRows x, HeadRows y) implements BoundKernel {
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(F32, i -> 2 * i % Lanes.COUNT);
  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(F32, i -> (2 * i + 1) % Lanes.COUNT);
  private static final VectorMask<Float> UPPER_HALF =
      VectorMask.fromLong(F32, (1L << Lanes.COUNT) - (1L << (Lanes.COUNT / 2)));
  private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(F32, i -> i ^ 1);
  private static final VectorShuffle<Float> COS = VectorShuffle.fromOp(F32, i -> i & ~1);
  private static final VectorShuffle<Float> SIN = VectorShuffle.fromOp(F32, i -> i | 1);
  private static final FloatVector SIGNS = FloatVector.broadcast(F32, 1f).blend(-1f, firstOfPair());

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int heads = args.i32("heads");
    int n = args.i32("n");
    return new Rope(
        step,
        heads,
        n,
        Turn.bind(bindings, step, n),
        HeadRows.bind(bindings, "x", step, heads, n),
        HeadRows.bind(bindings, "y", step, heads, n));
  }

  /** Pairs of a rotation of that many values, which must be even and few enough to double. */
  static int pairs(int nRot) {
    if (nRot < 2 || nRot % 2 != 0) {
      throw new IllegalArgumentException("n_rot is " + nRot);
    }
    return nRot / 2;
  }

  @Override
  public long items() {
    return (long) step.active() * heads;
  }

  @Override
  public long grain() {
    return 4;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    for (long item = from; item < to; item++) {
      long t = item / heads;
      long h = item % heads;
      turn.head(x.at(t, h), t, y.at(t, h), n);
    }
  }

  /** One head of n values; y may be x. */
  static void head(long x, long angles, long y, int pairs, int n, boolean neox) {
    if (neox) {
      vectorNeox(x, angles, y, pairs);
    } else {
      vectorAdjacent(x, angles, y, pairs);
    }
    if (x != y) {
      copy(x, y, 2 * pairs, n);
    }
  }

  static void vectorAdjacent(long x, long angles, long y, int pairs) {
    int body = F32.loopBound(2 * pairs);
    for (int i = 0; i < body; i += Lanes.COUNT) {
      FloatVector v = fromMemorySegment(F32, ALL, x + 4L * i, LE);
      FloatVector turn = fromMemorySegment(F32, ALL, angles + 4L * i, LE);
      FloatVector crossed = v.rearrange(SWAP).mul(turn.rearrange(SIN)).mul(SIGNS);
      v.mul(turn.rearrange(COS)).add(crossed).intoMemorySegment(ALL, y + 4L * i, LE);
    }
    scalar(x, angles, y, body / 2, pairs, 2, 1);
  }

  static void vectorNeox(long x, long angles, long y, int pairs) {
    int body = F32.loopBound(pairs);
    for (int i = 0; i < body; i += Lanes.COUNT) {
      FloatVector low = fromMemorySegment(F32, ALL, angles + 8L * i, LE);
      FloatVector high = fromMemorySegment(F32, ALL, angles + 8L * i + 4L * Lanes.COUNT, LE);
      FloatVector cos = low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER_HALF);
      FloatVector sin = low.rearrange(ODD).blend(high.rearrange(ODD), UPPER_HALF);
      FloatVector a = fromMemorySegment(F32, ALL, x + 4L * i, LE);
      FloatVector b = fromMemorySegment(F32, ALL, x + 4L * (i + pairs), LE);
      a.mul(cos).sub(b.mul(sin)).intoMemorySegment(ALL, y + 4L * i, LE);
      a.mul(sin).add(b.mul(cos)).intoMemorySegment(ALL, y + 4L * (i + pairs), LE);
    }
    scalar(x, angles, y, body, pairs, 1, pairs);
  }

  /** Pairs from (inclusive) to (exclusive): values i * step and i * step + apart. */
  static void scalar(long x, long angles, long y, int from, int to, int step, int apart) {
    for (int i = from; i < to; i++) {
      float cos = Memory.f32(angles + 8L * i);
      float sin = Memory.f32(angles + 8L * i + 4);
      long first = 4L * i * step;
      long second = first + 4L * apart;
      float a = Memory.f32(x + first);
      float b = Memory.f32(x + second);
      Memory.f32(y + first, a * cos - b * sin);
      Memory.f32(y + second, a * sin + b * cos);
    }
  }

  private static void copy(long x, long y, int from, int to) {
    for (int i = from; i < to; i++) {
      Memory.f32(y + 4L * i, Memory.f32(x + 4L * i));
    }
  }

  private static VectorMask<Float> firstOfPair() {
    long bits = 0;
    for (int i = 0; i < Lanes.COUNT; i += 2) {
      bits |= 1L << i;
    }
    return VectorMask.fromLong(F32, bits);
  }
}
