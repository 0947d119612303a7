package dev.diecast.tests.golden;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The distinct layers of a program.
 *
 * @param layers the layers that do the same work, by that work, in the order of their first
 * @param outside what belongs to no layer
 */
record LayerPatterns(Map<List<String>, List<Integer>> layers, List<String> outside) {
  static LayerPatterns of(Plan plan, Program program) {
    DispatchText text = new DispatchText(plan, program);
    Map<Integer, List<String>> byLayer = new TreeMap<>();
    for (Dispatch dispatch : program.dispatches()) {
      byLayer.computeIfAbsent(dispatch.layer(), _ -> new ArrayList<>()).add(text.of(dispatch));
    }
    List<String> outside = byLayer.getOrDefault(-1, List.of());
    byLayer.remove(-1);
    Map<List<String>, List<Integer>> layers = new LinkedHashMap<>();
    byLayer.forEach(
        (layer, work) -> layers.computeIfAbsent(work, _ -> new ArrayList<>()).add(layer));
    return new LayerPatterns(layers, outside);
  }

  /** Ascending numbers with runs joined: {@code 2, 5-7}. */
  static String ranges(List<Integer> numbers) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < numbers.size(); ) {
      int end = i;
      while (end + 1 < numbers.size() && numbers.get(end + 1) == numbers.get(end) + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ", ").append(numbers.get(i));
      if (end > i) {
        text.append('-').append(numbers.get(end));
      }
      i = end + 1;
    }
    return text.toString();
  }
}
