package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compiles the pipelines of a plan ahead of time, into the archives that sessions look into. */
public final class PipelineBuild {
  private PipelineBuild() {}

  /**
   * Compiles what the archives in a folder lack, for every encoder that this GPU has.
   *
   * @param plan for the device {@code metal}; its weights are not needed
   * @return what was there and what was compiled, a sentence each
   * @throws PlanException when there is no Metal here, or it refuses; the message is Metal's own
   */
  public static List<String> build(Plan plan, Path folder) {
    Set<String> notes = new LinkedHashSet<>();
    try (MetalDevice device = Metal.defaultDevice()) {
      for (boolean indirect : new boolean[] {false, true}) {
        try (Pipelines pipelines =
            Pipelines.of(device, plan.kernels(), indirect, Optional.of(folder))) {
          String encoders = indirect ? "auto, icb: " : "direct, mtl4: ";
          pipelines.notes().forEach(note -> notes.add(encoders + note));
        }
      }
    } catch (MetalException e) {
      throw new PlanException("the pipelines cannot be made: " + e.getMessage(), e);
    }
    return List.copyOf(notes);
  }
}
