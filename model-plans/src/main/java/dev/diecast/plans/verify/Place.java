package dev.diecast.plans.verify;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Program;

/** The location of a dispatch; becomes text only in a finding. */
record Place(Program program, int index) {
  @Override
  public String toString() {
    return "program " + program.name() + ", dispatch " + named(program, index);
  }

  static String named(Program program, int index) {
    Dispatch dispatch = program.dispatches().get(index);
    return index + " (" + dispatch.label() + ")";
  }
}
