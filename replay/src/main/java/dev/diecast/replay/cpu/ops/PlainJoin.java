package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Worker;

/**
 * The joined values are the result. An item is a head of one token.
 *
 * @param combine {@code attention_combine}
 */
record PlainJoin(BoundKernel combine, int heads) implements Join {
  @Override
  public long items() {
    return combine.items();
  }

  @Override
  public long scratchBytes() {
    return combine.scratchBytes();
  }

  @Override
  public long head(long item) {
    return item % heads;
  }

  @Override
  public long firstToken(long item) {
    return item / heads;
  }

  @Override
  public long lastToken(long item) {
    return item / heads;
  }

  @Override
  public void run(long item, Worker worker) {
    combine.run(item, item + 1, worker);
  }
}
