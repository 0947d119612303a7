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
 */
public record Program(
    String name,
    int tokens,
    List<Dispatch> dispatches,
    long arenaLowerBoundBytes,
    long arenaNaiveBytes) {
  /** A program with its own copy of the dispatches. */
  public Program {
    dispatches = List.copyOf(dispatches);
  }
}
