package dev.diecast.replay;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Looks at what each dispatch wrote, to find the one that computes something wrong. */
@FunctionalInterface
public interface DispatchObserver {
  /**
   * Called after a dispatch ran and before the next one begins. What it throws ends the step.
   *
   * @param program the program's index in the plan
   * @param dispatch the dispatch's index in the program
   * @param written the bytes of each binding that the dispatch may write, in the order of its
   *     bindings; read-only, and good for the time of the call
   */
  void ran(int program, int dispatch, List<MemorySegment> written);
}
