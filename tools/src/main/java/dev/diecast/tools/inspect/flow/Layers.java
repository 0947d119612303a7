package dev.diecast.tools.inspect.flow;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The dispatches of a program by layer. */
public final class Layers {
  private final Map<Integer, List<Integer>> dispatches = new TreeMap<>();
  private final Program program;

  /** Sorts the dispatches of a program into its layers. */
  public Layers(Program program) {
    this.program = program;
    for (int i = 0; i < program.dispatches().size(); i++) {
      int layer = program.dispatches().get(i).layer();
      dispatches.computeIfAbsent(layer, _ -> new ArrayList<>()).add(i);
    }
  }

  /** Indices of a layer's dispatches in order; a {@link PlanException} when it has none. */
  public List<Integer> dispatches(int layer) {
    List<Integer> found = dispatches.get(layer);
    if (found == null) {
      throw new PlanException(
          "program %s: has no dispatch in layer %d; its layers are %s"
              .formatted(program.name(), layer, range()));
    }
    return List.copyOf(found);
  }

  /**
   * The first layer of the most common pattern, a pattern being the kernels of a layer in order;
   * the earliest pattern when several are as common, -1 when there are no layers.
   */
  public int typical() {
    Map<List<Integer>, List<Integer>> patterns = new LinkedHashMap<>();
    dispatches.forEach((layer, indices) -> {
      if (layer >= 0) {
        patterns.computeIfAbsent(pattern(indices), _ -> new ArrayList<>()).add(layer);
      }
    });
    return patterns.values().stream()
        .max(
            Comparator.<List<Integer>>comparingInt(List::size)
                .thenComparing(List::getFirst, Comparator.reverseOrder()))
        .map(List::getFirst)
        .orElse(-1);
  }

  private List<Integer> pattern(List<Integer> indices) {
    return indices.stream().map(program.dispatches()::get).map(Dispatch::kernel).toList();
  }

  private String range() {
    List<Integer> layers = dispatches.keySet().stream().filter(layer -> layer >= 0).toList();
    return layers.isEmpty() ? "none" : layers.getFirst() + " to " + layers.getLast();
  }
}
