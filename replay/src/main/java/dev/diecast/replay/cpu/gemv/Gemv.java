package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Worker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code gemv}, {@code head_gemv}, {@code expert_gemv}, {@code linears} and {@code expert_gate_up}:
 * segments that multiply the same vectors, one after another in one range of items.
 */
final class Gemv implements BoundKernel {
  private final Vectors vectors;
  private final Grouping grouping;
  private final StepTokens tokens;
  private final SegmentBody[] segments;
  private final long grain;
  private final long scratchBytes;

  Gemv(Vectors x, Grouping grouping, StepTokens tokens, List<Segment> segments) {
    ScratchLayout layout = new ScratchLayout();
    layout.take(grouping.scratchBytes());
    this.vectors = x.in(layout);
    this.grouping = grouping;
    this.tokens = tokens;
    this.segments = bodies(layout, segments);
    this.grain = grain(segments);
    this.scratchBytes = layout.bytes();
  }

  @Override
  public long items() {
    int now = tokens.now();
    return now == 0 ? 0 : items(grouping.groups(now));
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
    vectors.begin(worker.scratch());
    for (int i = 0; i < segments.length; i++) {
      segments[i].begin(worker.scratch());
    }
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int now = tokens.now();
    int groups = grouping.groups(now);
    long start = 0;
    for (int i = 0; i < segments.length; i++) {
      long items = segments[i].items(groups);
      long first = Math.max(0, from - start);
      long last = Math.min(items, to - start);
      if (first < last) {
        segments[i].run(first, last, now, worker.scratch());
      }
      start += items;
    }
  }

  private long items(int groups) {
    long items = 0;
    for (int i = 0; i < segments.length; i++) {
      items += segments[i].items(groups);
    }
    return items;
  }

  private SegmentBody[] bodies(ScratchLayout layout, List<Segment> list) {
    Products products = new Products(layout, 1);
    List<Product> w = new ArrayList<>();
    List<Product> all = new ArrayList<>();
    @Nullable Product[] up = new Product[list.size()];
    for (int i = 0; i < list.size(); i++) {
      w.add(products.of(list.get(i).w()));
      all.add(w.get(i));
      Weights second = list.get(i).up();
      if (second != null) {
        up[i] = products.of(second);
        all.add(up[i]);
      }
    }
    Workspace space = Workspace.in(layout, grouping.maxPairs(), all);
    SegmentBody[] bodies = new SegmentBody[list.size()];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] =
          new SegmentBody(
              w.get(i),
              up[i],
              list.get(i).results(),
              vectors,
              grouping,
              space,
              height(list.get(i), list),
              layout);
    }
    return bodies;
  }

  /**
   * Quads per item. With one vector, items of all segments take about as many weight bytes; a
   * claim, which is a number of items, is then never much larger than meant.
   */
  private int height(Segment segment, List<Segment> all) {
    if (tokens.most() > 1) {
      return 1;
    }
    long most = all.stream().mapToLong(Segment::quadBytes).max().orElseThrow();
    return Math.clamp(most / segment.quadBytes(), 1, RowProduct.MAX_QUADS);
  }

  private long grain(List<Segment> list) {
    int groups = grouping.groups(tokens.most());
    long bytes = 0;
    long multiplyAdds = 0;
    for (Segment segment : list) {
      long quads = (long) segment.w().matrix().quads() * groups;
      bytes += quads * segment.quadBytes();
      multiplyAdds += quads * segment.quadMultiplyAdds();
    }
    return Grain.items(items(groups), bytes, multiplyAdds, grouping.averagePairs(tokens.most()));
  }
}
