package dev.diecast.tests.device;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.DispatchObserver;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tests.softmetal.MetalRun;
import dev.diecast.tests.softmetal.SoftMetal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The devices of this version, each in every way in which it works. */
enum DeviceUnderTest {
  CPU("cpu", Encoder.AUTO),
  METAL_DIRECT("metal", Encoder.DIRECT),
  METAL_ICB("metal", Encoder.ICB),
  METAL_MTL4("metal", Encoder.MTL4);

  private static final int CPU_THREADS = 2;
  private static final int IN_FLIGHT = 4;

  private final String device;
  private final Encoder encoder;

  DeviceUnderTest(String device, Encoder encoder) {
    this.device = device;
    this.encoder = encoder;
  }

  boolean isMetal() {
    return device.equals("metal");
  }

  /** Why it cannot run on this machine, or empty. */
  Optional<String> problem() {
    return isMetal() ? SoftMetal.problem() : Optional.empty();
  }

  Plan plan(GgufFile model, int context) {
    return PlanCompiler.compile(
        model, CompileOptions.DEFAULTS.withDevice(device).withContext(context));
  }

  Session open(Plan plan, GgufFile model) {
    return open(plan, model, null);
  }

  Session open(Plan plan, GgufFile model, @Nullable DispatchObserver observer) {
    SessionOptions options =
        SessionOptions.defaults()
            .withThreads(CPU_THREADS)
            .withMetal(MetalRun.options(encoder).withTokensInFlight(IN_FLIGHT));
    return observer == null
        ? Session.open(plan, model, options)
        : Session.open(plan, model, options, observer);
  }
}
