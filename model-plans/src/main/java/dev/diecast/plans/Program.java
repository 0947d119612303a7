package dev.diecast.plans;

import java.util.List;

/**
 * One replayable list of dispatches.
 *
 * @param name {@code decode} or {@code prefill-N}
 * @param tokens the most tokens that one run consumes; {@code step.active} says how many it does
 * @param dispatches in submission order
 * @param arenaLowerBoundBytes the largest sum of arena bytes alive at one dispatch
 * @param arenaNaiveBytes what the arena would take without reuse
 * @param arenaValues every value that lives in the arena, by ascending first dispatch, then offset;
 *     each arena binding of a dispatch lies inside one that is alive there
 */
public record Program(
    String name,
    int tokens,
    List<Dispatch> dispatches,
    long arenaLowerBoundBytes,
    long arenaNaiveBytes,
    List<ArenaValue> arenaValues) {
  /** The name of the program that consumes one token. */
  public static final String DECODE = "decode";

  /** A program with its own copies of the lists. */
  public Program {
    dispatches = List.copyOf(dispatches);
    arenaValues = List.copyOf(arenaValues);
  }

  /** The same with other dispatches. */
  public Program withDispatches(List<Dispatch> others) {
    return new Program(name, tokens, others, arenaLowerBoundBytes, arenaNaiveBytes, arenaValues);
  }

  /**
   * Bytes of the arena that hold one value for a while. Values whose lives meet never share bytes,
   * but for an operation in place: there the old value ends and the new one, in exactly the same
   * bytes, begins at the same dispatch.
   *
   * @param label what the bytes hold, for people: {@code blk.3.attn_q}
   * @param offset first byte in the arena
   * @param bytes how many
   * @param firstDispatch index of the dispatch that first writes it
   * @param lastDispatch index of the last dispatch that touches it, included
   */
  public record ArenaValue(
      String label, long offset, long bytes, int firstDispatch, int lastDispatch) {}
}
