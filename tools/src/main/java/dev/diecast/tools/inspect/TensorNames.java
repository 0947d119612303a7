package dev.diecast.tools.inspect;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Which tensor lies at a place of a weights window. */
final class TensorNames {
  private final Map<Integer, TreeMap<Long, PlanTensor>> byPlace = new HashMap<>();

  TensorNames(Plan plan) {
    for (PlanTensor tensor : plan.tensors()) {
      byPlace
          .computeIfAbsent(tensor.buffer(), buffer -> new TreeMap<>())
          .put(tensor.offset(), tensor);
    }
  }

  /** The name, with {@code +n} when the place is n bytes into the tensor; empty for none. */
  String at(int buffer, long offset) {
    TreeMap<Long, PlanTensor> tensors = byPlace.getOrDefault(buffer, new TreeMap<>());
    var entry = tensors.floorEntry(offset);
    if (entry == null || offset - entry.getKey() >= entry.getValue().bytes()) {
      return "";
    }
    long into = offset - entry.getKey();
    return Display.name(entry.getValue().name()) + (into == 0 ? "" : "+" + into);
  }
}
