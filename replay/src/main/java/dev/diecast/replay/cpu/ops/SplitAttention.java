package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.TypeConstant;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.CpuKernel;
import dev.diecast.replay.cpu.Worker;
import java.util.Map;

/**
 * {@code split_attention}. The first items are the splits, those of {@code attention}; behind them
 * come the heads whose splits are to be joined. A joining item waits for its splits: items are
 * claimed in ascending order, one at a time, so other workers are at work on those that are
 * missing, and nobody waits while it holds one.
 *
 * @param splits splits of a token and kv head
 * @param attention the splits
 * @param join the heads
 * @param tickets what has finished
 */
record SplitAttention(
    int heads, int kvHeads, int splits, BoundKernel attention, Join join, Tickets tickets)
    implements BoundKernel {

  static BoundKernel bind(Bindings bindings, Map<String, CpuKernel> kernels) {
    Step step = Step.of(bindings);
    BoundKernel attention = Attention.bind(bindings);
    int heads = bindings.args().i32("heads");
    int kvHeads = bindings.args().i32("kv_heads");
    int splits = bindings.args().i32("splits");
    return new SplitAttention(
        heads,
        kvHeads,
        splits,
        attention,
        join(bindings, step, heads, kernels),
        Tickets.bind(bindings, step.tokens(), kvHeads));
  }

  private static Join join(
      Bindings bindings, Step step, int heads, Map<String, CpuKernel> kernels) {
    boolean bound = bindings.address("value") != 0;
    if (bound != (bindings.constant(TypeConstant.of("value")) != TypeConstant.UNBOUND)) {
      throw new IllegalArgumentException(
          bound
              ? "slot 'value' is bound, but its type is " + TypeConstant.UNBOUND
              : "slot 'value' is not bound, but has a type");
    }
    return bound
        ? ValueJoin.bind(bindings, step, kernels)
        : new PlainJoin(AttentionCombine.bind(bindings), heads);
  }

  @Override
  public long items() {
    return attention.items() + join.items();
  }

  /** Items wait for earlier ones, so nobody may hold two. */
  @Override
  public long grain() {
    return 1;
  }

  @Override
  public long scratchBytes() {
    return Math.max(attention.scratchBytes(), join.scratchBytes());
  }

  @Override
  public void run(long from, long to, Worker worker) {
    long parts = attention.items();
    for (long item = from; item < to; item++) {
      if (item < parts) {
        attend(item, worker);
      } else {
        join(item - parts, worker);
      }
    }
  }

  /** Counts the split even if it fails: others wait for it. */
  private void attend(long item, Worker worker) {
    try {
      attention.run(item, item + 1, worker);
    } finally {
      tickets.splitDone(item / splits);
    }
  }

  private void join(long item, Worker worker) {
    int group = heads / kvHeads;
    long kvHead = join.head(item) / group;
    long first = join.firstToken(item);
    long last = join.lastToken(item);
    try {
      for (long t = first; t <= last; t++) {
        tickets.awaitSplits(t * kvHeads + kvHead, splits);
      }
      join.run(item, worker);
    } finally {
      for (long t = first; t <= last; t++) {
        tickets.headJoined(t * kvHeads + kvHead, group);
      }
    }
  }
}
