package dev.diecast.kernels.host;

import java.util.Map;

/** What a case of a check binds to an argument. */
sealed interface CheckInput {

  /** How a buffer is filled. */
  enum Fill {
    /** With values from {@code low} up to {@code high}, the same in every run. */
    RANDOM,
    /** With 0, 1, 2 and so on. */
    RAMP,
    /** With {@code low}. */
    CONSTANT,
    /** With nothing: a read before a write is a finding. */
    UNDEFINED
  }

  /**
   * A buffer of single values.
   *
   * @param type of the values
   * @param count of them
   * @param fill what they are
   * @param low the constant, or the least of random values
   * @param high above the random values
   */
  record Buffer(Scalar type, long count, Fill fill, double low, double high)
      implements CheckInput {}

  /**
   * Values for an argument in constant memory.
   *
   * @param fields by name; a single value has the name ""
   */
  record Values(Map<String, Double> fields) implements CheckInput {
    public Values {
      fields = Map.copyOf(fields);
    }
  }

  /**
   * Threadgroup memory.
   *
   * @param bytes of it
   */
  record Threadgroup(long bytes) implements CheckInput {}
}
