package dev.diecast.replay.metal;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import java.util.Arrays;

/**
 * How long a decode step takes on a path, at position 0 of a session that nobody has yet.
 *
 * @param first nanoseconds of the very first step
 * @param median nanoseconds of a few warm ones
 */
record StepTiming(long first, long median) {
  private static final int WARM_UP = 2;
  private static final int STEPS = 5;

  static StepTiming of(LoadedPlan loaded, CommandPath path) throws GpuFault {
    int decode = indexOfDecode(loaded.plan());
    int commands = loaded.programs().get(decode).size();
    StepMemory memory = new StepMemory(loaded.plan(), loaded.memory());
    long first = 0;
    long[] nanos = new long[STEPS];
    try {
      for (int i = -WARM_UP; i < STEPS; i++) {
        memory.place(0, 1);
        long start = System.nanoTime();
        path.submit(decode, 0, commands);
        path.awaitOldest();
        long took = System.nanoTime() - start;
        nanos[Math.max(i, 0)] = took;
        first = i == -WARM_UP ? took : first;
      }
    } finally {
      // Also after a fault, which leaves tickets that the session's first step must not find.
      memory.place(0, 0);
    }
    Arrays.sort(nanos);
    return new StepTiming(first, nanos[STEPS / 2]);
  }

  private static int indexOfDecode(Plan plan) {
    for (int i = 0; i < plan.programs().size(); i++) {
      if (plan.programs().get(i).name().equals(Program.DECODE)) {
        return i;
      }
    }
    throw new PlanException("plan: has no program '" + Program.DECODE + "'");
  }
}
