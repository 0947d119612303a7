package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfile;
import dev.diecast.capture.cost.CostProfiles;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.tools.inspect.Views;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which parts of a plan to show, and the device that predictions are for. */
final class PlanViewOptions {
  @Option(names = "--layers", description = "Shows the table of layers.")
  private boolean layers;

  @Option(names = "--kernels", description = "Shows what each kernel costs per run.")
  private boolean kernels;

  @Option(
      names = "--why",
      description = "Shows the traced operations behind each dispatch and the rules that fired.")
  private boolean why;

  @Option(names = "--memory", description = "Shows buffers and the map of the arena.")
  private boolean memory;

  @Option(
      names = "--program",
      paramLabel = "P",
      defaultValue = "decode",
      description = "The program that these show (default: ${DEFAULT-VALUE}).")
  private String program = "decode";

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "The device to predict for (default: m3-pro, h200 or generic-cpu, by the plan's target).")
  private @Nullable String profile;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Tokens in the KV cache when predicting (default: 128).")
  private @Nullable Long depth;

  @Option(
      names = "--target",
      paramLabel = "D",
      description = "Compiles a model or shape for cpu (default), metal or cuda to show the plan.")
  private EngineOptions.@Nullable Device target;

  PlanViewOptions() {}

  /** Whether a model is to be shown as a plan. */
  boolean wantsPlan() {
    return target != null || profile != null || depth != null || views(null, 1).any();
  }

  CompileOptions compile() {
    EngineOptions.Device device = target == null ? EngineOptions.Device.CPU : target;
    return CompileOptions.DEFAULTS.withDevice(device.name().toLowerCase(Locale.ROOT));
  }

  CostModel costs(Plan plan) {
    CostProfile device =
        profile == null ? CostProfiles.forTarget(plan.device()) : CostProfiles.of(profile);
    return depth == null ? CostModel.of(plan, device) : CostModel.at(plan, device, depth);
  }

  Views views(@Nullable String layer, int width) {
    return new Views(layers, layer(layer), kernels, why, memory, program, width);
  }

  private static OptionalInt layer(@Nullable String layer) {
    if (layer == null) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(layer));
    } catch (NumberFormatException e) {
      throw new PlanException("'" + layer + "' is not the number of a layer", e);
    }
  }
}
