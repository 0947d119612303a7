package dev.diecast.tools.inspect;

import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Tensors and their bytes, by type, in the order of the type ids. */
record TypeTotals(long tensors, long bytes) {
  static Map<TensorType, TypeTotals> of(List<TensorInfo> tensors) {
    Map<TensorType, TypeTotals> totals = new EnumMap<>(TensorType.class);
    for (TensorInfo tensor : tensors) {
      totals.merge(
          tensor.type(),
          new TypeTotals(1, tensor.bytes()),
          (a, b) -> new TypeTotals(a.tensors + b.tensors, a.bytes + b.bytes));
    }
    return totals;
  }
}
