package dev.diecast.tools.inspect;

import dev.diecast.plans.Dispatch;
import java.util.OptionalInt;

/**
 * Parts of a plan that somebody asks for by name, in place of the whole dump.
 *
 * @param layers the table of layers
 * @param layer the dispatches of one layer, in full; -1 for those outside the layers
 * @param kernels the budget of each kernel
 * @param why source operations and rules of each dispatch
 * @param memory buffers and arena
 * @param program the program to look at
 * @param width columns of the terminal
 */
public record Views(
    boolean layers,
    OptionalInt layer,
    boolean kernels,
    boolean why,
    boolean memory,
    String program,
    int width) {

  /** Whether anything is asked for. */
  public boolean any() {
    return layers || layer.isPresent() || kernels || why || memory;
  }

  /** Whether a dispatch is within the layer that is asked for, if one is. */
  boolean shows(Dispatch dispatch) {
    return layer.isEmpty() || layer.getAsInt() == dispatch.layer();
  }
}
