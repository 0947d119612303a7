package dev.diecast.tools.inspect.page;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the tensor that a binding begins with. */
final class BoundTensors {
  private final Map<Place, PlanTensor> tensors = new HashMap<>();

  private record Place(int buffer, long offset) {}

  BoundTensors(Plan plan) {
    plan.tensors().forEach(t -> tensors.put(new Place(t.buffer(), t.offset()), t));
  }

  Optional<PlanTensor> at(Dispatch.Binding binding) {
    return Optional.ofNullable(tensors.get(new Place(binding.buffer(), binding.offset())));
  }
}
