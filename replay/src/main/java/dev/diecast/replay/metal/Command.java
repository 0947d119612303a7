package dev.diecast.replay.metal;

import dev.diecast.plans.Dispatch.Extent;
import java.util.List;

/**
 * A dispatch with everything resolved to Metal's objects.
 *
 * @param where names it in errors: {@code decode[12] blk.0.attn_q (gemv_q4_0)}
 * @param pipeline the compute pipeline state's id
 * @param arguments one for each buffer index in use
 * @param grid threadgroups
 * @param threadgroup threads of each
 * @param barrierBefore whether all commands in front of it must have ended
 */
record Command(
    String where,
    long pipeline,
    List<Argument> arguments,
    Extent grid,
    Extent threadgroup,
    boolean barrierBefore) {

  /**
   * What a kernel gets at a buffer index.
   *
   * @param index as in {@code [[buffer(index)]]}
   * @param buffer the MTLBuffer's id
   * @param offset bytes into it, below 4 GiB
   * @param address the same place as the GPU addresses it; 0 where the OS does not tell
   */
  record Argument(int index, long buffer, long offset, long address) {}

  /** Copies the arguments. */
  Command {
    arguments = List.copyOf(arguments);
  }

  /** One more than the highest buffer index in use. */
  int bindCount() {
    return arguments.stream().mapToInt(Argument::index).max().orElse(-1) + 1;
  }
}
