package dev.diecast.tools.inspect;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which rules made a dispatch what it is. A plan keeps what each pass did as a whole, not by
 * dispatch; but a rule leaves its mark: a kernel that no other rule calls for, or a slot that no
 * other rule binds. So this is inferred, of the rules that changed something in the plan.
 */
final class FiredRules {
  /** Rules whose work no dispatch shows: they move, share or drop operations. */
  static final Set<String> WITHOUT_MARK =
      Set.of(
          "canonicalize-common",
          "canonicalize-reshape",
          "canonicalize-slice",
          "legalize-last-token",
          "legalize-last-norm",
          "canonicalize-dead-code");

  /** The marks, in the order in which the rules run. */
  private static final List<Mark> MARKS =
      List.of(
          new Mark("legalize-gate", call -> call.runs("silu_mul")),
          new Mark("fuse-gate-up", call -> call.binds("up_")),
          new Mark("fuse-expert-gate-up", call -> call.runs("expert_gate_up")),
          new Mark("fuse-bias", call -> call.linear() && call.binds("bias")),
          new Mark("fuse-experts", FiredRules::sumsExperts),
          new Mark("fuse-residual", call -> call.linear() && call.binds("residual")),
          new Mark("fuse-expert-down", call -> call.runs("expert_down")),
          new Mark("fuse-heads", call -> call.runs("heads_prepare")),
          new Mark("fuse-latent", call -> call.runs("latent_prepare")),
          new Mark("fuse-attention", call -> call.runs("split_attention")),
          new Mark("fuse-linear-join", call -> call.runs("linears") && call.binds("w_1")),
          new Mark("fuse-norm", call -> call.norms() && !call.lastOnly()),
          new Mark("fuse-last-norm", call -> call.norms() && call.lastOnly()));

  private final PlanNames names;
  private final Set<String> active = new TreeSet<>();

  FiredRules(Plan plan) {
    names = new PlanNames(plan);
    plan.passes().stream()
        .filter(pass -> pass.changes() > 0)
        .forEach(pass -> active.add(pass.name()));
  }

  /** What a dispatch looks like when a rule had a part in it. */
  private record Mark(String rule, Predicate<Call> shows) {}

  /** A dispatch: its kernel, the slots that are bound, its arguments. */
  private record Call(String kernel, Set<String> slots, Map<String, Number> args) {
    boolean runs(String name) {
      return kernel.equals(name);
    }

    boolean linear() {
      return runs("linears") || kernel.startsWith("gemv_");
    }

    boolean binds(String prefix) {
      return slots.stream().anyMatch(slot -> slot.startsWith(prefix));
    }

    boolean norms() {
      return slots.contains("norm") && (runs("linears") || runs("expert_gate_up"));
    }

    boolean lastOnly() {
      return args.getOrDefault("last_only", 0).intValue() == 1;
    }
  }

  private static boolean sumsExperts(Call call) {
    boolean adds = call.binds("residual") || call.binds("shared");
    return call.runs("expert_down") || (call.runs("expert_combine") && adds);
  }

  /** The rules that leave a mark, in the order in which they run. */
  static List<String> marked() {
    return MARKS.stream().map(Mark::rule).toList();
  }

  /** The rules, of those that changed something in this plan, in the order in which they run. */
  List<String> of(Dispatch dispatch) {
    Set<String> slots = new TreeSet<>();
    dispatch.bindings().forEach(binding -> slots.add(names.slot(dispatch, binding.slot())));
    Call call = new Call(names.kernel(dispatch), slots, names.args(dispatch));
    return MARKS.stream()
        .filter(mark -> active.contains(mark.rule()) && mark.shows().test(call))
        .map(Mark::rule)
        .toList();
  }
}
