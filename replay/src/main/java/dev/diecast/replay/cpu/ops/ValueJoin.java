package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.CpuKernel;
import dev.diecast.replay.cpu.Worker;
import java.util.Map;

/**
 * The joined values are multiplied by their head's matrix. An item is a head with all tokens, so
 * that its weights are read once. The joined values take the place of the first split's.
 *
 * @param combine {@code attention_combine} within the partials
 * @param products from there to the result
 */
record ValueJoin(Step step, int heads, BoundKernel combine, HeadProducts products) implements Join {

  static Join bind(Bindings bindings, Step step, Map<String, CpuKernel> kernels) {
    ArgReader args = bindings.args();
    int heads = args.i32("heads");
    int dv = args.i32("dv");
    int splits = args.i32("splits");
    bindings.require("partial", Partial.bytes(step.tokens(), heads, splits, dv));
    long first = Partial.values(0);
    int head = Math.toIntExact(splits * Partial.bytes(dv) / Float.BYTES);
    int token = Math.multiplyExact(heads, head);
    long partial = bindings.address("partial");
    BoundKernel combine =
        new AttentionCombine(
            step, heads, dv, splits, partial, partial + first, 4L * token, 4L * head);
    HeadProducts products =
        HeadProducts.bind(
            kernels,
            bindings,
            new HeadProducts.Matrices("value", false, heads, args.i32("value_rows"), dv),
            new HeadProducts.Place("partial", first, token, head),
            new HeadProducts.Place("y", 0, args.i32("y_stride"), args.i32("y_head_stride")));
    return new ValueJoin(step, heads, combine, products);
  }

  @Override
  public long items() {
    return step.active() == 0 ? 0 : heads;
  }

  @Override
  public long scratchBytes() {
    return Math.max(combine.scratchBytes(), products.scratchBytes());
  }

  @Override
  public long head(long item) {
    return item;
  }

  @Override
  public long firstToken(long item) {
    return 0;
  }

  @Override
  public long lastToken(long item) {
    return step.active() - 1L;
  }

  @Override
  public void run(long item, Worker worker) {
    int active = step.active();
    for (int t = 0; t < active; t++) {
      long row = (long) t * heads + item;
      combine.run(row, row + 1, worker);
    }
    products.run(item, worker);
  }
}
