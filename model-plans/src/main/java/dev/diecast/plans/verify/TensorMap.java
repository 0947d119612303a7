package dev.diecast.plans.verify;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanTensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sound tensors of a plan, found by the bytes they occupy. */
final class TensorMap {
  private final Map<Integer, TreeMap<Long, PlanTensor>> byBuffer = new HashMap<>();

  private TensorMap() {}

  /** Checks all tensors and maps those that hold. */
  static TensorMap checked(Plan plan, Findings findings) {
    TensorMap map = new TensorMap();
    Set<String> names = new HashSet<>();
    for (PlanTensor tensor : plan.tensors()) {
      String place = "tensor " + tensor.name();
      if (!names.add(tensor.name())) {
        findings.add(place, "two tensors have that name");
      }
      String fault = fault(plan, tensor);
      if (fault == null) {
        fault = map.put(tensor);
      }
      if (fault != null) {
        findings.add(place, fault);
      }
    }
    return map;
  }

  /** The tensor that holds all of that range, or null. */
  @Nullable PlanTensor holding(int buffer, long offset, long bytes) {
    TreeMap<Long, PlanTensor> tensors = byBuffer.get(buffer);
    Map.Entry<Long, PlanTensor> entry = tensors == null ? null : tensors.floorEntry(offset);
    if (entry == null) {
      return null;
    }
    PlanTensor tensor = entry.getValue();
    return Ranges.inside(offset - tensor.offset(), bytes, tensor.bytes()) ? tensor : null;
  }

  private static @Nullable String fault(Plan plan, PlanTensor tensor) {
    if (tensor.buffer() < 0 || tensor.buffer() >= plan.buffers().size()) {
      return "the plan has no buffer " + tensor.buffer();
    }
    if (!(plan.buffers().get(tensor.buffer()) instanceof PlanBuffer.Weights window)) {
      return "buffer " + tensor.buffer() + " is no window of weights";
    }
    if (!tensor.type().runnable()) {
      return "no kernel reads its type " + tensor.type().suffix();
    }
    if (!Ranges.inside(tensor.offset(), tensor.bytes(), window.bytes())) {
      return "bytes "
          + tensor.offset()
          + " + "
          + tensor.bytes()
          + " are not inside window "
          + window.name()
          + " of "
          + window.bytes();
    }
    return sizeFault(tensor);
  }

  private static @Nullable String sizeFault(PlanTensor tensor) {
    if (tensor.shape().isEmpty() || tensor.shape().stream().anyMatch(extent -> extent < 1)) {
      return "its shape " + tensor.shape() + " holds nothing";
    }
    try {
      long expected = tensor.type().rowBytes(tensor.shape().getFirst());
      for (long extent : tensor.shape().subList(1, tensor.shape().size())) {
        expected = Math.multiplyExact(expected, extent);
      }
      return expected == tensor.bytes()
          ? null
          : tensor.bytes() + " bytes, but its shape and type take " + expected;
    } catch (ArithmeticException e) {
      return "its shape " + tensor.shape() + " is too large";
    } catch (PlanException e) {
      return e.getMessage();
    }
  }

  private @Nullable String put(PlanTensor tensor) {
    TreeMap<Long, PlanTensor> tensors =
        byBuffer.computeIfAbsent(tensor.buffer(), _ -> new TreeMap<>());
    Map.Entry<Long, PlanTensor> below = tensors.lowerEntry(tensor.offset() + tensor.bytes());
    if (below != null && below.getKey() + below.getValue().bytes() > tensor.offset()) {
      return "shares bytes with tensor " + below.getValue().name();
    }
    tensors.put(tensor.offset(), tensor);
    return null;
  }
}
