package dev.diecast.tools.inspect;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which rules made a dispatch what it is. A plan keeps what each pass did as a whole, not by
 * dispatch; but a rule leaves its mark: a kernel that no other rule calls for, or a slot that no
 * other rule binds.
 */
final class FiredRules {
  private static final Map<String, List<String>> BY_KERNEL =
      Map.of(
          "silu_mul", List.of("legalize-gate"),
          "expert_combine", List.of("fuse-experts"),
          "expert_gate_up", List.of("fuse-expert-gate-up"),
          "expert_down", List.of("fuse-experts", "fuse-expert-down"),
          "heads_prepare", List.of("fuse-heads"),
          "latent_prepare", List.of("fuse-latent"),
          "split_attention", List.of("fuse-attention"));

  private final PlanNames names;
  private final Set<String> active = new TreeSet<>();

  FiredRules(Plan plan) {
    names = new PlanNames(plan);
    plan.passes().stream()
        .filter(pass -> pass.changes() > 0)
        .forEach(pass -> active.add(pass.name()));
  }

  /** The rules, of those that changed something in this plan, in the order in which they run. */
  List<String> of(Dispatch dispatch) {
    Set<String> rules = new LinkedHashSet<>();
    String kernel = names.kernel(dispatch);
    Set<String> slots = slots(dispatch);
    if (bound(slots, "up_")) {
      rules.add("fuse-gate-up");
    }
    if (bound(slots, "bias")) {
      rules.add("fuse-bias");
    }
    if (!kernel.equals("expert_combine") || bound(slots, "residual") || bound(slots, "shared")) {
      rules.addAll(BY_KERNEL.getOrDefault(kernel, List.of()));
    }
    if (kernel.equals("linears") || kernel.startsWith("gemv_")) {
      if (bound(slots, "residual")) {
        rules.add("fuse-residual");
      }
      if (slots.contains("w_1")) {
        rules.add("fuse-linear-join");
      }
    }
    if (slots.contains("norm") && (kernel.equals("linears") || kernel.equals("expert_gate_up"))) {
      boolean last = names.args(dispatch).getOrDefault("last_only", 0).intValue() == 1;
      rules.add(last ? "fuse-last-norm" : "fuse-norm");
    }
    rules.retainAll(active);
    return List.copyOf(rules);
  }

  private Set<String> slots(Dispatch dispatch) {
    Set<String> slots = new TreeSet<>();
    dispatch.bindings().forEach(binding -> slots.add(names.slot(dispatch, binding.slot())));
    return slots;
  }

  private static boolean bound(Set<String> slots, String prefix) {
    return slots.stream().anyMatch(slot -> slot.startsWith(prefix));
  }
}
