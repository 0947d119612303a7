package dev.diecast.tools.inspect;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which weights a binding holds. */
public final class BoundTensors {
  private final Map<Integer, TreeMap<Long, PlanTensor>> byPlace = new HashMap<>();

  /** The tensors of a plan. */
  public BoundTensors(Plan plan) {
    for (PlanTensor tensor : plan.tensors()) {
      byPlace
          .computeIfAbsent(tensor.buffer(), buffer -> new TreeMap<>())
          .put(tensor.offset(), tensor);
    }
  }

  /**
   * A tensor, or rows of it.
   *
   * @param into bytes of the tensor before the first
   * @param bytes from there on
   */
  public record Part(PlanTensor tensor, long into, long bytes) {
    /** The tensor's name, with {@code +n} when the part begins n bytes into it. */
    public String name() {
      return Display.name(tensor.name()) + (into == 0 ? "" : "+" + into);
    }

    /**
     * Values of a row, rows, and so on; of a part that is not the whole, the rows that it spans.
     */
    public List<Long> shape() {
      if (bytes == tensor.bytes() || tensor.shape().size() < 2) {
        return tensor.shape();
      }
      long row = tensor.type().rowBytes(tensor.shape().getFirst());
      return List.of(tensor.shape().getFirst(), Math.ceilDiv(bytes, row));
    }
  }

  /** The weights that a binding begins with, if it holds any. */
  public Optional<Part> at(Dispatch.Binding binding) {
    TreeMap<Long, PlanTensor> tensors = byPlace.get(binding.buffer());
    var entry = tensors == null ? null : tensors.floorEntry(binding.offset());
    if (entry == null || binding.offset() - entry.getKey() >= entry.getValue().bytes()) {
      return Optional.empty();
    }
    return Optional.of(
        new Part(entry.getValue(), binding.offset() - entry.getKey(), binding.bytes()));
  }

  /** Their name, or nothing. */
  String name(Dispatch.Binding binding) {
    return at(binding).map(Part::name).orElse("");
  }
}
