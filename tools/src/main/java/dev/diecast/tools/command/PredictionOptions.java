package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfile;
import dev.diecast.capture.cost.CostProfiles;
import dev.diecast.plans.Plan;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What plans are compiled for when a model is given, and the device that predictions are for. */
final class PredictionOptions {
  @Option(
      names = "--target",
      paramLabel = "D",
      description = "Compiles a model or shape for cpu (default), metal or cuda to see its plan.")
  private EngineOptions.@Nullable Device target;

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

  PredictionOptions() {}

  /** Whether the user names any of them. */
  boolean given() {
    return target != null || profile != null || depth != null;
  }

  /** Whether the user says what to compile for, which a plan file has settled. */
  boolean targets() {
    return target != null;
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
}
