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
  public void multiply(
      long w, long rowBytes, int rows, int cols, long packed, long work, long sums) {
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int k = 0; k < cols; k += STRETCH) {
        int n = Math.min(STRETCH, cols - k);
        decoder.decode(w + r * rowBytes + type.rowBytes(k), n, work);
        for (int i = 0; i < n; i++) {
          sum += (double) Memory.f32(work + 4L * i) * Memory.f32(packed + 4L * (k + i));
        }
      }
      Memory.f32(sums + 4L * r, (float) sum);
    }
  }
}
