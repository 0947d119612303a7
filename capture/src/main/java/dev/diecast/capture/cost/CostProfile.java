package dev.diecast.capture.cost;

/**
 * What the cost model knows of a device. Every figure carries where it comes from.
 *
 * @param name how options name it, for example {@code m3-pro}
 * @param description the device, for people
 * @param memoryBandwidth bytes per second that a kernel reading weights reaches, not the peak of
 *     the data sheet
 * @param float32 float32 operations per second, a multiply-add counted as two
 * @param float16 float16 operations per second with whatever matrix units the device has
 * @param dependentDispatch seconds that a dispatch adds which waits for the one before it
 * @param concurrentDispatch seconds that a dispatch adds which waits for none
 */
public record CostProfile(
    String name,
    String description,
    Figure memoryBandwidth,
    Figure float32,
    Figure float16,
    Figure dependentDispatch,
    Figure concurrentDispatch) {

  /** How a figure was come by. */
  public enum Basis {
    /** Stated by the maker or a public table. */
    PUBLISHED,
    /** Measured, by this project or by the named source. */
    MEASURED,
    /** Worked out from other figures; the source says how. */
    DERIVED
  }

  /**
   * A number with its origin.
   *
   * @param value in base units: bytes/s, operations/s, seconds
   * @param basis how it was come by
   * @param source an address, a document, or the arithmetic
   */
  public record Figure(double value, Basis basis, String source) {}

  /** Microseconds that one dispatch adds when nothing holds it up. */
  public double dispatchMicros() {
    return concurrentDispatch.value() * 1e6;
  }

  /** Microseconds that a barrier adds: what a dependent dispatch costs more than a free one. */
  public double barrierMicros() {
    return Math.max(0, dependentDispatch.value() - concurrentDispatch.value()) * 1e6;
  }

  /** Microseconds to move that many bytes. */
  double memoryMicros(long bytes) {
    return bytes / memoryBandwidth.value() * 1e6;
  }

  /** Microseconds for that many operations in float32, in which the kernels add up. */
  double computeMicros(long flops) {
    return flops / float32.value() * 1e6;
  }

  /** Microseconds for that many operations on the fastest units there are. */
  double leastComputeMicros(long flops) {
    return flops / Math.max(float32.value(), float16.value()) * 1e6;
  }
}
