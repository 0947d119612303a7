package dev.diecast.replay;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The programs of a plan by what they are for. */
final class Programs {
  /** A prefill program: its index in the plan and the most tokens of one run. */
  private record Prefill(int index, int tokens) {}

  private final int decode;
  private final List<Prefill> prefills; // ascending

  Programs(Plan plan) {
    int found = -1;
    List<Prefill> list = new ArrayList<>();
    for (int i = 0; i < plan.programs().size(); i++) {
      Program program = plan.programs().get(i);
      if (program.name().equals(Program.DECODE)) {
        found = i;
      } else if (program.name().startsWith("prefill-") && program.tokens() > 0) {
        list.add(new Prefill(i, program.tokens()));
      }
    }
    if (found < 0) {
      throw new PlanException("plan: has no program '" + Program.DECODE + "'");
    }
    decode = found;
    list.sort(Comparator.comparingInt(Prefill::tokens));
    prefills = List.copyOf(list);
  }

  int decode() {
    return decode;
  }

  /**
   * The program for a chunk when that many prompt tokens are left: the smallest that takes them
   * all, else the largest; {@link #decode()} for a single token and where the plan has no prefill.
   */
  int forPrompt(int left) {
    if (left == 1 || prefills.isEmpty()) {
      return decode;
    }
    for (Prefill prefill : prefills) {
      if (prefill.tokens() >= left) {
        return prefill.index();
      }
    }
    return prefills.getLast().index();
  }
}
