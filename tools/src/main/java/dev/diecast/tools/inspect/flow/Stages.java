package dev.diecast.tools.inspect.flow;

import dev.diecast.plans.Dispatch;
import java.util.List;

/** Dispatches between two barriers, which may run in any order and at once. */
public final class Stages {
  private final int[] stages;

  private Stages(int[] stages) {
    this.stages = stages;
  }

  /** The stages of dispatches in submission order. */
  public static Stages of(List<Dispatch> dispatches) {
    int[] stages = new int[dispatches.size()];
    for (int i = 1; i < stages.length; i++) {
      stages[i] = stages[i - 1] + (dispatches.get(i).barrierBefore() ? 1 : 0);
    }
    return new Stages(stages);
  }

  /** The stage of a dispatch: how many barriers stand before it, not counting the start. */
  public int of(int dispatch) {
    return stages[dispatch];
  }
}
