package dev.diecast.capture.lower;

import dev.diecast.plans.Dispatch.Binding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides where a barrier stands: before a dispatch that reads or writes a byte that a dispatch
 * since the last barrier wrote, or writes one that it read, and nowhere else.
 */
final class HazardPlanner {
  private HazardPlanner() {}

  /** For each dispatch, given by its bindings, whether a barrier goes before it. */
  static List<Boolean> barriers(List<List<Binding>> dispatches) {
    Map<Integer, List<Binding>> sinceBarrier = new HashMap<>();
    List<Boolean> barriers = new ArrayList<>();
    for (List<Binding> bindings : dispatches) {
      boolean barrier = bindings.stream().anyMatch(binding -> conflicts(binding, sinceBarrier));
      if (barrier) {
        sinceBarrier.clear();
      }
      for (Binding binding : bindings) {
        sinceBarrier.computeIfAbsent(binding.buffer(), key -> new ArrayList<>()).add(binding);
      }
      barriers.add(barrier);
    }
    return barriers;
  }

  private static boolean conflicts(Binding binding, Map<Integer, List<Binding>> sinceBarrier) {
    return sinceBarrier.getOrDefault(binding.buffer(), List.of()).stream()
        .anyMatch(earlier -> conflict(earlier, binding));
  }

  private static boolean conflict(Binding a, Binding b) {
    return (a.access().writes() || b.access().writes())
        && a.offset() < b.offset() + b.bytes()
        && b.offset() < a.offset() + a.bytes();
  }
}
