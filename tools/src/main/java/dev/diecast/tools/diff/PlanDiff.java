package dev.diecast.tools.diff;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What changed from one plan to another: totals, kernels and, layer by layer, dispatches.
 *
 * @param header facts about model and device that differ
 * @param programs the programs that both have
 * @param onlyBefore programs that only the first has
 * @param onlyAfter programs that only the second has
 */
public record PlanDiff(
    List<Fact> header,
    List<ProgramDiff> programs,
    List<String> onlyBefore,
    List<String> onlyAfter) {
  /** A difference with its own copies of the lists. */
  public PlanDiff {
    header = List.copyOf(header);
    programs = List.copyOf(programs);
    onlyBefore = List.copyOf(onlyBefore);
    onlyAfter = List.copyOf(onlyAfter);
  }

  /** A named text in both plans. */
  public record Fact(String name, String before, String after) {}

  /** Compares two plans with the predictions of their cost models. */
  public static PlanDiff of(Plan a, CostModel costsA, Plan b, CostModel costsB) {
    List<ProgramDiff> programs = new ArrayList<>();
    for (Program before : a.programs()) {
      b.programs().stream()
          .filter(after -> after.name().equals(before.name()))
          .findFirst()
          .ifPresent(after -> programs.add(ProgramDiff.of(a, before, costsA, b, after, costsB)));
    }
    return new PlanDiff(header(a, b), programs, missing(a, b), missing(b, a));
  }

  /** Whether the plans differ in anything that is compared. */
  public boolean differs() {
    return !header.isEmpty()
        || !onlyBefore.isEmpty()
        || !onlyAfter.isEmpty()
        || programs.stream().anyMatch(ProgramDiff::differs);
  }

  private static List<Fact> header(Plan a, Plan b) {
    List<Fact> facts = new ArrayList<>();
    fact(facts, "model", a.model().name(), b.model().name());
    fact(facts, "architecture", a.model().architecture(), b.model().architecture());
    fact(facts, "fingerprint", a.model().fingerprint(), b.model().fingerprint());
    fact(facts, "weight_type", a.model().weightType(), b.model().weightType());
    fact(facts, "layers", a.model().layers(), b.model().layers());
    fact(facts, "context", a.model().context(), b.model().context());
    fact(facts, "device", a.device(), b.device());
    fact(facts, "producer", a.producer(), b.producer());
    return facts;
  }

  private static void fact(List<Fact> facts, String name, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      facts.add(new Fact(name, before.toString(), after.toString()));
    }
  }

  private static List<String> missing(Plan from, Plan in) {
    return from.programs().stream()
        .map(Program::name)
        .filter(name -> in.programs().stream().noneMatch(other -> other.name().equals(name)))
        .toList();
  }
}
