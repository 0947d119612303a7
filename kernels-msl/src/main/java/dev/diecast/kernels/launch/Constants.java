package dev.diecast.kernels.launch;

import java.util.Map;

/**
 * The function constants of a pipeline.
 *
 * @param values by name
 */
public record Constants(Map<String, Long> values) {
  /** Copies the map. */
  public Constants {
    values = Map.copyOf(values);
  }

  /** The value of a constant; {@link IllegalArgumentException} when it has none. */
  public long get(String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the function constant " + name + " has no value");
    }
    return value;
  }
}
