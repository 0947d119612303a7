package dev.diecast.capture.cost;

/**
 * What one dispatch costs within its program.
 *
 * @param stage the stage that it runs in: dispatches between two barriers share one, from 0
 * @param weightBytes weight bytes read
 * @param kvBytes bytes of the KV cache read at the model's depth
 * @param otherBytes activations and everything else read and written
 * @param flops operations at the model's depth
 * @param workMicros what moving the bytes and computing take when it runs alone: the longer of both
 * @param overheadMicros launch, and the barrier before it where it starts a stage
 * @param predictedMicros its part of the predicted time of the program: the overhead and, of the
 *     stage's work, a share by {@code workMicros}. The parts add up to the program
 * @param rooflineMicros what no kernel for the same operation beats: weights and cache at full
 *     bandwidth, or the operations on the fastest units, whichever is longer
 * @param bound what most of the predicted time goes to
 */
public record DispatchCost(
    int stage,
    long weightBytes,
    long kvBytes,
    long otherBytes,
    long flops,
    double workMicros,
    double overheadMicros,
    double predictedMicros,
    double rooflineMicros,
    Bound bound) {

  /** What holds a dispatch up. */
  public enum Bound {
    MEMORY,
    COMPUTE,
    DISPATCH
  }

  /** All bytes that it moves. */
  public long bytes() {
    return weightBytes + kvBytes + otherBytes;
  }

  /** Bytes per second, in units of 10^9, over its predicted time. */
  public double gigabytesPerSecond() {
    return predictedMicros > 0 ? bytes() / predictedMicros / 1e3 : 0;
  }
}
