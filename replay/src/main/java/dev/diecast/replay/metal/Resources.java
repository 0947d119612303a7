package dev.diecast.replay.metal;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Native objects that live and die together, so that a failure halfway through opening leaves
 * nothing behind.
 */
final class Resources implements AutoCloseable {
  /** Something to release, without a checked exception. */
  interface Owned extends AutoCloseable {
    @Override
    void close();
  }

  private final Deque<Owned> owned = new ArrayDeque<>();

  /** Takes over an action that releases something. */
  void own(Owned one) {
    owned.push(one);
  }

  /**
   * Releases everything, what came last first; what one throws comes when all had their turn. More
   * calls do nothing.
   */
  @Override
  public void close() {
    RuntimeException first = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
