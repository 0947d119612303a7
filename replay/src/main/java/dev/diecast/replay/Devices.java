package dev.diecast.replay;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.replay.cpu.CpuDevice;
import dev.diecast.replay.device.Device;
import dev.diecast.replay.metal.MetalReplay;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Opens the device that a plan was compiled for. */
final class Devices {
  private Devices() {}

  /** Refuses a plan for a device that this version does not have. */
  static void requireKnown(Plan plan) {
    switch (plan.device()) {
      case "cpu", "metal" -> {}
      default ->
          throw new PlanException(
              "the plan was compiled for the device '"
                  + plan.device()
                  + "'; this version replays plans on cpu and metal");
    }
  }

  /** How long a session on that plan's device warms up. */
  static int warmUpMillis(Plan plan, SessionOptions options) {
    return plan.device().equals("metal")
        ? Math.max(options.warmUpMillis(), options.metal().warmUpMillis())
        : options.warmUpMillis();
  }

  static Device open(Plan plan, List<MemorySegment> parts, SessionOptions options) {
    return plan.device().equals("metal")
        ? MetalReplay.open(plan, parts, options.metal())
        : CpuDevice.open(plan, parts, options.threads());
  }
}
