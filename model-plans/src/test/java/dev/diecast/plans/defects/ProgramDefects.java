package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.dispatches;
import static dev.diecast.plans.defects.PlanEdits.programs;
import static dev.diecast.plans.defects.PlanEdits.with;

import dev.diecast.plans.Program;
import java.util.List;

/** Which programs there are, and how they end. */
final class ProgramDefects {
  private ProgramDefects() {}

  static List<Defect> all() {
    return List.of(
        defect(
            "no decode program",
            "programs",
            "'decode' is missing",
            programs(all -> all.subList(1, 2))),
        defect(
            "two programs of one name",
            "program decode",
            "two programs",
            programs(all -> with(all, all.getFirst()))),
        defect(
            "decode of two tokens",
            "program decode",
            "consumes 2 tokens, not 1",
            programs(a -> renamed(a, "decode", 2))),
        defect(
            "prefill with a wrong name",
            "program prefill-7",
            "prefill-2",
            programs(a -> renamed(a, "prefill-7", 2))),
        defect(
            "prefill of no tokens",
            "program prefill-0",
            "0 tokens",
            programs(a -> renamed(a, "prefill-0", 0))),
        defect(
            "program without dispatches",
            "program decode",
            "no dispatches",
            dispatches(_ -> List.of())),
        defect(
            "program that does not end in advance",
            "program decode, dispatch 16 (sample)",
            "must end in advance",
            dispatches(all -> all.subList(0, all.size() - 1))),
        defect(
            "advance before the end",
            "program decode, dispatch 17 (advance)",
            "advance before the end",
            dispatches(all -> with(all, all.getLast()))),
        defect(
            "lower bound above the arena",
            "program decode",
            "a lower bound of 9999 bytes does not fit",
            PlanEdits.decode(p ->
                new Program(p.name(), p.tokens(), p.dispatches(), 9999, 9999, p.arenaValues()))));
  }

  private static List<Program> renamed(List<Program> all, String name, int tokens) {
    Program p = all.getFirst();
    return with(
        all.subList(1, 2),
        new Program(
            name,
            tokens,
            p.dispatches(),
            p.arenaLowerBoundBytes(),
            p.arenaNaiveBytes(),
            p.arenaValues()));
  }
}
