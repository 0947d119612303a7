package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code expert_down}: the chosen experts' products, weighted and summed, then the shared experts'
 * product, then the residual. An item is a quad of output rows; whoever has it multiplies those
 * rows of every expert, so that a sum is never shared between workers.
 */
final class WeightedSum implements BoundKernel {
  /** Quads at a time when several tokens keep their sums. */
  private static final int FEW_QUADS = 16;

  /** Claims that the rows are cut into when there are several tokens. */
  private static final int CLAIMS = 16;

  private final Grouping grouping;
  private final Term[] terms;
  private final Results results;
  private final StepTokens tokens;
  private final Matrix rows;
  private final int height;
  private final long grain;
  private final long sums;
  private final long scratchBytes;

  /**
   * The chosen experts.
   *
   * @param x one vector per token and slot
   * @param factors address of one float32 per token and slot
   * @param factorBytes distance of the tokens
   */
  record Experts(Weights w, Vectors x, ExpertGrouping grouping, long factors, long factorBytes) {}

  /**
   * The shared experts.
   *
   * @param w of as many rows as an expert
   * @param x one vector per token
   */
  record Shared(Weights w, Vectors x) {}

  WeightedSum(Experts experts, @Nullable Shared shared, Results results, StepTokens tokens) {
    this.grouping = experts.grouping();
    this.results = results;
    this.tokens = tokens;
    this.rows = experts.w().matrix();
    this.height = tokens.most() == 1 ? RowProduct.MAX_QUADS : FEW_QUADS;
    ScratchLayout layout = new ScratchLayout();
    layout.take(grouping.scratchBytes());
    this.sums = layout.take(Math.multiplyExact(tokens.most(), sumBytes()));
    this.terms = terms(experts, shared, layout);
    this.grain = grain(experts);
    this.scratchBytes = layout.bytes();
  }

  private Term[] terms(Experts experts, @Nullable Shared shared, ScratchLayout layout) {
    Product w = new Products(layout, experts.grouping().slots()).of(experts.w());
    Product second = shared == null ? w : new Products(layout, 1).of(shared.w());
    Workspace space = Workspace.in(layout, grouping.maxPairs(), List.of(w, second));
    Term chosen =
        new Term(w, experts.x(), grouping, experts.factors(), experts.factorBytes(), space);
    if (shared == null) {
      return new Term[] {chosen};
    }
    HeadGrouping all = new HeadGrouping(1, tokens.most());
    return new Term[] {chosen, new Term(second, shared.x(), all, 0, 0, space)};
  }

  @Override
  public long items() {
    return tokens.now() == 0 ? 0 : rows.quads();
  }

  @Override
  public long grain() {
    return grain;
  }

  @Override
  public long scratchBytes() {
    return scratchBytes;
  }

  @Override
  public void begin(Worker worker) {
    grouping.begin(tokens.now(), worker.scratch());
    for (int i = 0; i < terms.length; i++) {
      terms[i].space().transposed().begin(worker.scratch());
      terms[i].product().packed().begin(worker.scratch());
    }
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int now = tokens.now();
    for (long q = from; q < to; q += height) {
      strip((int) q, (int) Math.min(to, q + height), now, worker.scratch());
    }
  }

  private void strip(int first, int last, int now, long scratch) {
    long sum = scratch + sums;
    for (long at = sum; at < sum + now * sumBytes(); at += 8) {
      Memory.i64(at, 0);
    }
    for (int i = 0; i < terms.length; i++) {
      terms[i].add(first, last, now, scratch, sum, sumBytes());
    }
    for (int t = 0; t < now; t++) {
      for (int m = 0; m < 4; m++) {
        results.write(rows, first, last, m, sum + t * sumBytes() + 4L * m, 16, t, 0);
      }
    }
  }

  private long sumBytes() {
    return 16L * height;
  }

  private long grain(Experts experts) {
    int quads = rows.quads();
    if (tokens.most() > 1) {
      // As high as the sums have room for: the vectors of an expert are read once per strip.
      return Math.clamp(quads / CLAIMS, PrefillTile.QUADS, FEW_QUADS);
    }
    // By the bytes of one matrix: a claim reads its rows of each expert, and where those are few,
    // they are over before the prefetcher runs.
    return Grain.items(quads, experts.w().quadBytes() * quads, 1, 1);
  }
}
