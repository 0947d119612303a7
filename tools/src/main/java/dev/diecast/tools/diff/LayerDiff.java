package dev.diecast.tools.diff;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What changed in layers that changed alike.
 *
 * @param layers the layers, ascending; -1 stands for what lies outside
 * @param before dispatches of one of them in the first plan
 * @param after dispatches of one of them in the second plan
 * @param lines dispatches removed, added or changed, in order; empty when all are the same
 */
public record LayerDiff(List<Integer> layers, long before, long after, List<Line> lines) {
  /** A difference with its own copies of the lists. */
  public LayerDiff {
    layers = List.copyOf(layers);
    lines = List.copyOf(lines);
  }

  /**
   * A dispatch that differs.
   *
   * @param sign {@code -} only in the first plan, {@code +} only in the second, {@code ~} in both
   * @param dispatch its label without the layer, and its kernel
   * @param detail for {@code ~} what differs, else empty
   */
  public record Line(String sign, String dispatch, String detail) {}

  /** Layers that both programs have in common or not, those with equal differences together. */
  static List<LayerDiff> of(Plan planA, Program a, Plan planB, Program b) {
    NavigableMap<Integer, List<Dispatch>> layersA = byLayer(a);
    NavigableMap<Integer, List<Dispatch>> layersB = byLayer(b);
    NavigableMap<Integer, List<Dispatch>> all = new TreeMap<>(layersA);
    layersB.forEach(all::putIfAbsent);
    Map<LayerDiff, List<Integer>> alike = new LinkedHashMap<>();
    for (int layer : all.keySet()) {
      List<Dispatch> before = layersA.getOrDefault(layer, List.of());
      List<Dispatch> after = layersB.getOrDefault(layer, List.of());
      LayerDiff diff =
          new LayerDiff(List.of(), before.size(), after.size(), lines(planA, before, planB, after));
      alike.computeIfAbsent(diff, key -> new ArrayList<>()).add(layer);
    }
    return alike.entrySet().stream().map(entry -> entry.getKey().in(entry.getValue())).toList();
  }

  private LayerDiff in(List<Integer> others) {
    return new LayerDiff(others, before, after, lines);
  }

  private static NavigableMap<Integer, List<Dispatch>> byLayer(Program program) {
    NavigableMap<Integer, List<Dispatch>> layers = new TreeMap<>();
    for (Dispatch dispatch : program.dispatches()) {
      layers.computeIfAbsent(dispatch.layer(), layer -> new ArrayList<>()).add(dispatch);
    }
    return layers;
  }

  private static List<Line> lines(
      Plan planA, List<Dispatch> before, Plan planB, List<Dispatch> after) {
    List<Signature> left = before.stream().map(d -> Signature.of(planA, d)).toList();
    List<Signature> right = after.stream().map(d -> Signature.of(planB, d)).toList();
    List<Line> lines = new ArrayList<>();
    for (Edits.Edit edit :
        Edits.between(
            left.stream().map(Signature::label).toList(),
            right.stream().map(Signature::label).toList())) {
      switch (edit.kind()) {
        case REMOVE -> lines.add(new Line("-", left.get(edit.before()).text(), ""));
        case ADD -> lines.add(new Line("+", right.get(edit.after()).text(), ""));
        case KEEP -> {
          String detail = left.get(edit.before()).changes(right.get(edit.after()));
          if (!detail.isEmpty()) {
            lines.add(new Line("~", left.get(edit.before()).text(), detail));
          }
        }
      }
    }
    return lines;
  }
}
