package dev.diecast.replay.metal;

import dev.diecast.bindings.objc.DispatchSizes;
import dev.diecast.plans.Dispatch.Extent;
import java.lang.foreign.Arena;

/** The extents of commands in the form that messages take. */
final class Sizes {
  private Sizes() {}

  static DispatchSizes of(Command command, Arena arena) {
    Extent grid = command.grid();
    Extent threads = command.threadgroup();
    return new DispatchSizes(
        arena, grid.x(), grid.y(), grid.z(), threads.x(), threads.y(), threads.z());
  }
}
