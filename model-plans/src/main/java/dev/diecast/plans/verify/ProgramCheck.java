package dev.diecast.plans.verify;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which programs there are, and that each ends by advancing the step state, once. */
final class ProgramCheck {
  private static final String ADVANCE = "advance";

  private ProgramCheck() {}

  static void run(Plan plan, long arenaBytes, Findings findings) {
    Set<String> names = new HashSet<>();
    for (Program program : plan.programs()) {
      String place = "program " + program.name();
      if (!names.add(program.name())) {
        findings.add(place, "two programs have that name");
      }
      name(place, program, findings);
      advance(plan, place, program, findings);
      arena(arenaBytes, place, program, findings);
    }
    if (!names.contains(Program.DECODE)) {
      findings.add("programs", "the program 'decode' is missing");
    }
  }

  private static void name(String place, Program program, Findings findings) {
    if (program.tokens() < 1) {
      findings.add(place, "it consumes " + program.tokens() + " tokens");
    } else if (program.name().equals(Program.DECODE)) {
      if (program.tokens() != 1) {
        findings.add(place, "it consumes " + program.tokens() + " tokens, not 1");
      }
    } else if (!program.name().equals("prefill-" + program.tokens())) {
      findings.add(
          place,
          "a program of "
              + program.tokens()
              + " tokens is not called decode or prefill-"
              + program.tokens());
    }
  }

  private static void advance(Plan plan, String place, Program program, Findings findings) {
    List<Dispatch> dispatches = program.dispatches();
    if (dispatches.isEmpty()) {
      findings.add(place, "it has no dispatches");
      return;
    }
    for (int i = 0; i < dispatches.size(); i++) {
      boolean last = i == dispatches.size() - 1;
      if (advances(plan, dispatches.get(i)) != last) {
        findings.add(
            new Place(program, i),
            last ? "a program must end in advance" : "advance before the end of the program");
      }
    }
  }

  private static boolean advances(Plan plan, Dispatch dispatch) {
    return dispatch.kernel() >= 0
        && dispatch.kernel() < plan.kernels().size()
        && plan.kernels().get(dispatch.kernel()).name().equals(ADVANCE);
  }

  private static void arena(long bytes, String place, Program program, Findings findings) {
    long bound = program.arenaLowerBoundBytes();
    if (bound < 0 || bound > bytes) {
      findings.add(place, "a lower bound of " + bound + " bytes does not fit an arena of " + bytes);
    }
    if (program.arenaNaiveBytes() < bound) {
      findings.add(
          place,
          "an arena without reuse of "
              + program.arenaNaiveBytes()
              + " bytes is below the lower bound of "
              + bound);
    }
  }
}
