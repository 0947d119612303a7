package dev.diecast.capture.lower;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Dispatches in submission order. Those of one stage don't depend on each other, so they run
 * between two barriers; each stands in the earliest stage that its operands allow, which makes the
 * stages as few as the longest chain of dependencies.
 *
 * @param drafts the dispatches, by stage and then by trace order
 * @param stages the stage of each
 */
record Schedule(List<Draft> drafts, List<Integer> stages) {
  Schedule {
    drafts = List.copyOf(drafts);
    stages = List.copyOf(stages);
  }

  private record Done(Draft.Touch touch, int stage) {}

  /** Orders dispatches that are given in trace order. */
  static Schedule of(List<Draft> traced) {
    Set<Region> written = writtenRegions(traced);
    Map<Region, List<Done>> touched = new HashMap<>();
    Map<Region, List<Done>> writes = new HashMap<>();
    List<Integer> stageOf = new ArrayList<>();
    for (Draft draft : traced) {
      int stage = 0;
      for (Draft.Touch touch : draft.touches()) {
        // Reads don't wait for reads, of which the step state has many.
        Map<Region, List<Done>> before = touch.slot().access().writes() ? touched : writes;
        stage = Math.max(stage, after(touch, before));
      }
      for (Draft.Touch touch : draft.touches()) {
        if (written.contains(touch.span().region())) {
          note(touch, stage, touched);
          if (touch.slot().access().writes()) {
            note(touch, stage, writes);
          }
        }
      }
      stageOf.add(stage);
    }
    List<Integer> order =
        IntStream.range(0, traced.size())
            .boxed()
            .sorted(Comparator.<Integer>comparingInt(stageOf::get).thenComparing(i -> i))
            .toList();
    return new Schedule(
        order.stream().map(traced::get).toList(), order.stream().map(stageOf::get).toList());
  }

  /** The first stage in which a touch conflicts with none of those before. */
  private static int after(Draft.Touch touch, Map<Region, List<Done>> before) {
    int stage = 0;
    for (Done done : before.getOrDefault(touch.span().region(), List.of())) {
      if (done.stage() >= stage && touch.conflicts(done.touch())) {
        stage = done.stage() + 1;
      }
    }
    return stage;
  }

  private static void note(Draft.Touch touch, int stage, Map<Region, List<Done>> into) {
    into.computeIfAbsent(touch.span().region(), key -> new ArrayList<>())
        .add(new Done(touch, stage));
  }

  int size() {
    return drafts.size();
  }

  private static Set<Region> writtenRegions(List<Draft> drafts) {
    Set<Region> written = new HashSet<>();
    for (Draft draft : drafts) {
      for (Draft.Touch touch : draft.touches()) {
        if (touch.slot().access().writes()) {
          written.add(touch.span().region());
        }
      }
    }
    return written;
  }
}
