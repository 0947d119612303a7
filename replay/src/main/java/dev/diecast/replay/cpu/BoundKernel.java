package dev.diecast.replay.cpu;

/**
 * A dispatch with its addresses and arguments resolved, cut into independent work items (rows,
 * heads, tokens). The result of an item must not depend on which worker runs it or how items are
 * grouped, so that the thread count changes nothing.
 *
 * <p>Ranges were checked when the dispatch was bound; running allocates nothing.
 */
public interface BoundKernel {
  /**
   * Work items of this run. Read once per run by every worker, after the barrier; it may look at
   * the step state.
   */
  long items();

  /** Items that one worker claims at a time. */
  long grain();

  /** Bytes of 64-byte-aligned scratch that one worker needs. */
  default long scratchBytes() {
    return 0;
  }

  /**
   * Called by each worker before its first items of a run, for example to pack the activations into
   * its scratch.
   */
  default void begin(Worker worker) {}

  /** Computes items {@code from} (inclusive) to {@code to} (exclusive). */
  void run(long from, long to, Worker worker);
}
