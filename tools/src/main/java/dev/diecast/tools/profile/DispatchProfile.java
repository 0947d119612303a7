package dev.diecast.tools.profile;

import java.util.List;

/**
 * Measured times of one program.
 *
 * @param clock what measured them: {@code GPU counters}, {@code command buffers} or {@code host}
 * @param position tokens in the KV cache
 * @param rounds how often each was measured; times are medians
 * @param micros of each dispatch, alone on the device
 * @param wholeMicros of a whole run as sessions do it, where dispatches overlap
 */
public record DispatchProfile(
    String clock, int position, int rounds, List<Double> micros, double wholeMicros) {
  /** Copies the list. */
  public DispatchProfile {
    micros = List.copyOf(micros);
  }

  /** What all dispatches take one after the other. */
  public double sumMicros() {
    return micros.stream().mapToDouble(Double::doubleValue).sum();
  }
}
