package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;

/** The reference product: decode a block, multiply, add in double precision. */
final class ScalarProduct implements RowProduct {
  private static final int STRETCH = 256;

  private final TensorType type;
  private final BlockDecoder decoder;

  ScalarProduct(TensorType type) {
    this.type = type;
    this.decoder = ScalarBlocks.of(type);
  }

  @Override
  public long packedBytes(int cols) {
    return 4L * cols;
  }

  @Override
  public long workBytes() {
    return 4L * STRETCH;
  }

  @Override
  public void pack(long x, int cols, long packed) {
    for (long i = 0; i < cols; i++) {
      Memory.f32(packed + 4 * i, Memory.f32(x + 4 * i));
    }
  }

  @Override
  public void multiply(long w, Matrix matrix, int from, int to, long packed, long work, long sums) {
    for (int quad = from; quad < to; quad++) {
      for (int m = 0; m < 4; m++) {
        long row = w + matrix.existingRow(quad, m) * matrix.rowBytes();
        Memory.f32(sums + 4L * (4 * (quad - from) + m), dot(row, matrix.cols(), packed, work));
      }
    }
  }

  private float dot(long row, int cols, long packed, long work) {
    double sum = 0;
    for (int k = 0; k < cols; k += STRETCH) {
      int n = Math.min(STRETCH, cols - k);
      decoder.decode(row + type.rowBytes(k), n, work);
      for (int i = 0; i < n; i++) {
        sum += (double) Memory.f32(work + 4L * i) * Memory.f32(packed + 4L * (k + i));
      }
    }
    return (float) sum;
  }
}
