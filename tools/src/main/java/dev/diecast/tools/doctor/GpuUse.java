package dev.diecast.tools.doctor;

import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.metal.MetalFacts;
import dev.diecast.tools.model.ByteCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the metal device does with a GPU, and why. */
final class GpuUse {
  private static final long WINDOW_LIMIT = 1L << 32;

  private GpuUse() {}

  static List<String> of(MetalFacts gpu) {
    List<String> uses = new ArrayList<>();
    uses.add("metal: %s, when a command says --device metal".formatted(gpu.name()));
    uses.add(encoders(gpu));
    uses.add(
        "in flight: %d tokens, so that the GPU does not wait for the host between them"
            .formatted(MetalOptions.defaults().tokensInFlight()));
    uses.add(
        gpu.residencySets()
            ? "residency: one set on the queue"
            : "residency: buffers are named to each encoder, for residency sets need macOS 15");
    uses.add(
        "weights: the mapped file itself, in windows of at most %s; a GPU slows down beyond its working set of %s"
            .formatted(
                ByteCount.of(Math.min(WINDOW_LIMIT, gpu.maxBufferBytes())),
                ByteCount.of(gpu.workingSetBytes())));
    uses.add(
        gpu.encoderSampling()
            ? "profile: the GPU's counters, an encoder for each dispatch"
            : "profile: times of command buffers, since this GPU samples no counters at encoders");
    if (gpu.lowPowerMode()) {
      uses.add("low power mode is on: figures will be lower than this machine can");
    }
    return uses;
  }

  private static String encoders(MetalFacts gpu) {
    List<String> usable = new ArrayList<>();
    List<String> not = new ArrayList<>();
    for (Encoder encoder : List.of(Encoder.DIRECT, Encoder.ICB, Encoder.MTL4)) {
      String name = encoder.name().toLowerCase(Locale.ROOT);
      String obstacle = gpu.obstacles().get(encoder);
      if (obstacle == null) {
        usable.add(name);
      } else {
        not.add("; not " + name + ": " + obstacle);
      }
    }
    return "encoder: the fastest of %s, measured when a session opens unless the plan's tuning says one%s"
        .formatted(String.join(", ", usable), String.join("", not));
  }
}
