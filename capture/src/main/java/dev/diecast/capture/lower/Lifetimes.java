package dev.diecast.capture.lower;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.plans.Program.ArenaValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * From when to when each scratch region is needed. Where a kernel may write over its operand and
 * nothing else needs the operand any more, operand and result become one region.
 */
final class Lifetimes {
  /** An operand that a result may lie over. */
  private record Over(String operand, String result) {}

  /** What kernels allow by their contracts. */
  private static final Map<String, List<Over>> IN_PLACE =
      Map.of(
          "rms_norm", List.of(new Over("x", "y")),
          "rope", List.of(new Over("x", "y")),
          "add_bias", List.of(new Over("x", "y")),
          "add", List.of(new Over("a", "y"), new Over("b", "y")),
          "expert_combine", List.of(new Over("residual", "y")),
          "expert_down", List.of(new Over("residual", "y")),
          "heads_prepare", List.of(new Over("q", "y")),
          "linears",
              IntStream.range(0, FusedOp.Linears.MOST)
                  .mapToObj(i -> new Over("residual_" + i, "y_" + i))
                  .toList());

  private final Schedule schedule;

  /** Dispatches that touch a region, ascending. */
  private final Map<Region.Scratch, List<Integer>> touchedBy = new LinkedHashMap<>();

  /** The same for the bytes that merged regions share, by the first of them. */
  private final Map<Region.Scratch, List<Integer>> sharedBy = new LinkedHashMap<>();

  private final Map<Region.Scratch, Region.Scratch> mergedInto = new HashMap<>();

  private Lifetimes(Schedule schedule) {
    this.schedule = schedule;
  }

  /** The lifetimes of all scratch regions, in order of first use. */
  static Lifetimes of(Schedule schedule) {
    Lifetimes lifetimes = new Lifetimes(schedule);
    for (int i = 0; i < schedule.size(); i++) {
      for (Draft.Touch touch : schedule.drafts().get(i).touches()) {
        if (touch.span().region() instanceof Region.Scratch scratch) {
          lifetimes.touchedBy.computeIfAbsent(scratch, key -> new ArrayList<>()).add(i);
        }
      }
    }
    lifetimes.touchedBy.forEach((s, by) -> lifetimes.sharedBy.put(s, new ArrayList<>(by)));
    for (int i = 0; i < schedule.size(); i++) {
      lifetimes.mergeInPlace(i);
    }
    return lifetimes;
  }

  /** What the arena planner places: regions, or what several merged ones share. */
  List<Interval> intervals() {
    List<Interval> intervals = new ArrayList<>();
    sharedBy.forEach((scratch, dispatches) -> {
      int first = dispatches.getFirst();
      int last = dispatches.getLast();
      List<Integer> stages = schedule.stages();
      intervals.add(
          new Interval(scratch.bytes(), stages.get(first), stages.get(last), first, last));
    });
    return intervals;
  }

  /** Where every region lies, given the offsets of the intervals. */
  Map<Region.Scratch, Long> offsets(List<Long> intervalOffsets) {
    Map<Region.Scratch, Long> offsets = new HashMap<>();
    int next = 0;
    for (Region.Scratch scratch : sharedBy.keySet()) {
      offsets.put(scratch, intervalOffsets.get(next++));
    }
    for (Region.Scratch scratch : mergedInto.keySet()) {
      offsets.put(scratch, Objects.requireNonNull(offsets.get(root(scratch))));
    }
    return offsets;
  }

  /** The lives of all regions for the plan, by first dispatch and then by offset. */
  List<ArenaValue> values(Map<Region.Scratch, Long> offsets) {
    List<ArenaValue> values = new ArrayList<>();
    touchedBy.forEach((scratch, dispatches) ->
        values.add(
            new ArenaValue(
                scratch.label(),
                Objects.requireNonNull(offsets.get(scratch)),
                scratch.bytes(),
                dispatches.getFirst(),
                dispatches.getLast())));
    values.sort(
        Comparator.comparingInt(ArenaValue::firstDispatch).thenComparingLong(ArenaValue::offset));
    return values;
  }

  /** What the arena would take if no two regions shared a byte. */
  long naiveBytes() {
    long sum = 0;
    for (Region.Scratch scratch : touchedBy.keySet()) {
      sum = Math.addExact(sum, ArenaPlanner.align(scratch.bytes(), ArenaPlanner.ALIGNMENT));
    }
    return sum;
  }

  private void mergeInPlace(int index) {
    Draft draft = schedule.drafts().get(index);
    for (Over over : IN_PLACE.getOrDefault(draft.kernel().name(), List.of())) {
      merge(whole(draft.touch(over.operand())), whole(draft.touch(over.result())), index);
    }
  }

  private void merge(Region.@Nullable Scratch x, Region.@Nullable Scratch y, int index) {
    if (x == null || y == null || x.bytes() != y.bytes() || root(x) == root(y)) {
      return;
    }
    List<Integer> users = Objects.requireNonNull(sharedBy.get(root(x)));
    List<Integer> later = Objects.requireNonNull(sharedBy.get(root(y)));
    if (endsAlone(users, index) && later.getFirst() == index) {
      users.addAll(later);
      sharedBy.remove(root(y));
      mergedInto.put(root(y), root(x));
    }
  }

  /** Whether a region's last user is that dispatch, once, and no other of its stage. */
  private boolean endsAlone(List<Integer> users, int index) {
    int last = users.size() - 1;
    if (users.get(last) != index) {
      return false;
    }
    return last == 0 || schedule.stages().get(users.get(last - 1)) < schedule.stages().get(index);
  }

  private static Region.@Nullable Scratch whole(Draft.@Nullable Touch touch) {
    return touch != null
            && touch.span().region() instanceof Region.Scratch scratch
            && touch.span().coversScratch()
        ? scratch
        : null;
  }

  private Region.Scratch root(Region.Scratch scratch) {
    Region.Scratch now = scratch;
    for (Region.Scratch next = mergedInto.get(now); next != null; next = mergedInto.get(now)) {
      now = next;
    }
    return now;
  }
}
