package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.Memory.ALL;
import static dev.diecast.replay.cpu.Memory.LE;
import static dev.diecast.replay.cpu.gemv.Lanes.F;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import jdk.incubator.vector.FloatVector;

/**
 * {@code head_gemv_t}: stored rows summed with the weights x. An item is one head. Four rows at a
 * time are decoded into scratch, then added to every token's result, so the weights are read once.
 */
final class HeadGemvT implements BoundKernel {
  private static final int ROWS = 4;

  private final Weights weights;
  private final Matrix matrix;
  private final Vectors vectors;
  private final Results results;
  private final int heads;
  private final StepTokens tokens;
  private final long decodedBytes;

  HeadGemvT(Weights weights, int heads, Vectors vectors, Results results, StepTokens tokens) {
    this.weights = weights;
    this.matrix = weights.matrix();
    this.vectors = vectors;
    this.results = results;
    this.heads = heads;
    this.tokens = tokens;
    this.decodedBytes = (4L * matrix.cols() + 63) / 64 * 64;
  }

  @Override
  public long items() {
    return tokens.now() == 0 ? 0 : heads;
  }

  @Override
  public long grain() {
    return 1;
  }

  @Override
  public long scratchBytes() {
    return ROWS * decodedBytes;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int now = tokens.now();
    for (long head = from; head < to; head++) {
      sumHead((int) head, now, worker.scratch());
    }
  }

  private void sumHead(int head, int now, long scratch) {
    long w = weights.at(head);
    BlockDecoder decoder = weights.format().decoder();
    for (int t = 0; t < now; t++) {
      clear(results.at(t, head));
    }
    for (int r = 0; r < matrix.rows(); r += ROWS) {
      int n = Math.min(ROWS, matrix.rows() - r);
      for (int i = 0; i < n; i++) {
        decoder.decode(w + (r + i) * matrix.rowBytes(), matrix.cols(), scratch + i * decodedBytes);
      }
      for (int t = 0; t < now; t++) {
        addRows(results.at(t, head), vectors.at(t, head, scratch) + 4L * r, n, scratch);
      }
    }
  }

  private void clear(long y) {
    for (int c = 0; c < matrix.cols(); c++) {
      Memory.f32(y + 4L * c, 0);
    }
  }

  private void addRows(long y, long x, int rows, long decoded) {
    if (rows == ROWS && weights.format().tiled()) {
      int whole = matrix.cols() / Lanes.COUNT * Lanes.COUNT;
      addFour(y, x, whole, decoded, decodedBytes);
      for (int i = 0; i < ROWS; i++) {
        addOne(y, Memory.f32(x + 4L * i), whole, decoded + i * decodedBytes);
      }
    } else {
      for (int i = 0; i < rows; i++) {
        addOne(y, Memory.f32(x + 4L * i), 0, decoded + i * decodedBytes);
      }
    }
  }

  private static void addFour(long y, long x, int cols, long row, long stride) {
    FloatVector x0 = FloatVector.broadcast(F, Memory.f32(x));
    FloatVector x1 = FloatVector.broadcast(F, Memory.f32(x + 4));
    FloatVector x2 = FloatVector.broadcast(F, Memory.f32(x + 8));
    FloatVector x3 = FloatVector.broadcast(F, Memory.f32(x + 12));
    long bytes = 4L * cols;
    for (long c = 0; c < bytes; c += Lanes.BYTES) {
      FloatVector sum =
          fromMemorySegment(F, ALL, row + c, LE).fma(x0, fromMemorySegment(F, ALL, y + c, LE));
      sum = fromMemorySegment(F, ALL, row + stride + c, LE).fma(x1, sum);
      sum = fromMemorySegment(F, ALL, row + 2 * stride + c, LE).fma(x2, sum);
      sum = fromMemorySegment(F, ALL, row + 3 * stride + c, LE).fma(x3, sum);
      sum.intoMemorySegment(ALL, y + c, LE);
    }
  }

  private void addOne(long y, float x, int firstCol, long row) {
    for (int c = firstCol; c < matrix.cols(); c++) {
      long at = y + 4L * c;
      Memory.f32(at, Math.fma(Memory.f32(row + 4L * c), x, Memory.f32(at)));
    }
  }
}
