package dev.diecast.tools.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.passes.Pass;
import dev.diecast.capture.passes.Passes;
import dev.diecast.plans.Plan;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FiredRulesTest {
  private static List<String> passes() {
    return Passes.STANDARD.stream().map(Pass::name).toList();
  }

  @Test
  void everyPassLeavesAMarkOrIsKnownToLeaveNone() {
    assertThat(FiredRules.marked()).doesNotContainAnyElementsOf(FiredRules.WITHOUT_MARK);
    TreeSet<String> known = new TreeSet<>(FiredRules.WITHOUT_MARK);
    known.addAll(FiredRules.marked());
    assertThat(known).containsExactlyInAnyOrderElementsOf(passes());
  }

  @Test
  void marksComeInTheOrderInWhichTheRulesRun() {
    assertThat(passes()).containsSubsequence(FiredRules.marked());
  }

  /** Of these shapes together every rule with a mark changes something. */
  @Test
  void aRuleThatChangedAPlanShowsAtADispatch() {
    TreeSet<String> shown = new TreeSet<>();
    for (String shape : List.of("glm-4.7-flash:q4_0", "qwen2.5-0.5b:f16", "qwen3-30b-a3b:q4_0")) {
      Plan plan = TestPlans.shape(shape);
      FiredRules rules = new FiredRules(plan);
      TreeSet<String> here = new TreeSet<>();
      plan.programs()
          .forEach(program -> program.dispatches().forEach(d -> here.addAll(rules.of(d))));
      List<String> changed =
          plan.passes().stream()
              .filter(pass -> pass.changes() > 0)
              .map(Plan.PassReport::name)
              .filter(FiredRules.marked()::contains)
              .filter(rule -> !rule.equals("legalize-gate")) // its operations are fused further
              .toList();
      assertThat(here).as(shape).containsAll(changed);
      shown.addAll(here);
    }
    List<String> all = List.copyOf(FiredRules.marked());
    assertThat(all).filteredOn(rule -> !rule.equals("legalize-gate")).isSubsetOf(shown);
  }
}
