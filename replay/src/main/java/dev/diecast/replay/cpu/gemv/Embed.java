package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;

/** {@code embed}: one decoded row per token. An item is a token. */
final class Embed implements BoundKernel {
  private final String kernel;
  private final WeightFormat format;
  private final long w;
  private final Matrix matrix;
  private final long ids;
  private final long y;
  private final long yToken;
  private final StepTokens tokens;

  Embed(
      String kernel,
      WeightFormat format,
      long w,
      Matrix matrix,
      long ids,
      long y,
      long yToken,
      StepTokens tokens) {
    this.kernel = kernel;
    this.format = format;
    this.w = w;
    this.matrix = matrix;
    this.ids = ids;
    this.y = y;
    this.yToken = yToken;
    this.tokens = tokens;
  }

  @Override
  public long items() {
    return tokens.now();
  }

  @Override
  public long grain() {
    return 4;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    for (long t = from; t < to; t++) {
      int id = Memory.i32(ids + 4 * t);
      if (id < 0 || id >= matrix.rows()) {
        throw new IllegalStateException(
            kernel
                + ": tokens["
                + t
                + "] is "
                + id
                + ", but the vocabulary has "
                + matrix.rows()
                + " tokens");
      }
      format.decoder().decode(w + id * matrix.rowBytes(), matrix.cols(), y + t * yToken);
    }
  }
}
