package dev.diecast.capture.lower;

/**
 * Bytes that are needed for a while.
 *
 * @param bytes how many
 * @param firstStage the stage that writes them first
 * @param lastStage the last stage that touches them
 * @param firstDispatch the dispatch that writes them first
 * @param lastDispatch the last dispatch that touches them
 */
record Interval(long bytes, int firstStage, int lastStage, int firstDispatch, int lastDispatch) {
  /**
   * Whether two intervals must not share a byte. Stages count, not dispatches: within a stage there
   * is no order, and sharing would cost a barrier.
   */
  boolean meets(Interval other) {
    return firstStage <= other.lastStage && other.firstStage <= lastStage;
  }
}
