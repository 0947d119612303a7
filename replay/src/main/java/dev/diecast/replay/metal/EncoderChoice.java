package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.GpuFamily;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.MetalOptions.Encoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which way of bringing commands to the GPU a session takes: the one that it is told, else the one
 * that tuning recorded in the plan, else the fastest in a short measurement.
 */
final class EncoderChoice {
  /** What tuning keys of the choice begin with; values are {@link Encoder#number}s. */
  static final String TUNING_KEY = "metal encoder ";

  // What an indirect command buffer may hold on GPUs that are not Apple's.
  private static final int FEW_COMMANDS = 16_384;

  /**
   * A way that was taken.
   *
   * @param path ready to submit
   * @param notes what was chosen, and why
   */
  record Chosen(CommandPath path, List<String> notes) {}

  private final LoadedPlan loaded;
  private final MetalOptions options;

  EncoderChoice(LoadedPlan loaded, MetalOptions options) {
    this.loaded = loaded;
    this.options = options;
  }

  /** Whether pipelines have to be made for indirect command buffers. */
  static boolean mayBeIndirect(Encoder encoder) {
    return encoder == Encoder.AUTO || encoder == Encoder.ICB;
  }

  Chosen choose() {
    return options.encoder() == Encoder.AUTO ? automatic() : demanded(options.encoder());
  }

  private Chosen demanded(Encoder encoder) {
    Optional<String> obstacle = obstacle(encoder);
    if (obstacle.isPresent()) {
      throw new PlanException(
          "the encoder " + name(encoder) + " cannot be used: " + obstacle.get());
    }
    return new Chosen(open(encoder), List.of("encoder " + name(encoder) + ": as asked for"));
  }

  private Chosen automatic() {
    Optional<Encoder> recorded = recorded(loaded.plan());
    if (recorded.isPresent() && obstacle(recorded.get()).isEmpty()) {
      return new Chosen(
          open(recorded.get()),
          List.of("encoder " + name(recorded.get()) + ": as the plan's tuning says"));
    }
    return measured();
  }

  /** The choice that tuning recorded. */
  static Optional<Encoder> recorded(Plan plan) {
    return plan.tuning().stream()
        .filter(choice -> choice.key().startsWith(TUNING_KEY))
        .map(Plan.TuningChoice::value)
        .flatMap(EncoderChoice::numbered)
        .findFirst();
  }

  private static Stream<Encoder> numbered(String number) {
    return Stream.of(Encoder.DIRECT, Encoder.ICB, Encoder.MTL4)
        .filter(encoder -> Integer.toString(encoder.number()).equals(number));
  }

  private Chosen measured() {
    Map<Encoder, StepTiming> timings = new EnumMap<>(Encoder.class);
    List<String> notes = new ArrayList<>();
    for (Encoder encoder : List.of(Encoder.DIRECT, Encoder.ICB, Encoder.MTL4)) {
      Optional<String> obstacle = obstacle(encoder);
      if (obstacle.isPresent()) {
        notes.add("encoder " + name(encoder) + " is not for this GPU: " + obstacle.get());
        continue;
      }
      try (CommandPath path = open(encoder)) {
        timings.put(encoder, StepTiming.of(loaded, path));
      } catch (GpuFault | MetalException e) {
        notes.add("encoder " + name(encoder) + " failed in a measurement: " + e.getMessage());
      }
    }
    Encoder best =
        timings.entrySet().stream()
            .min(Comparator.comparingLong(entry -> entry.getValue().median()))
            .map(Map.Entry::getKey)
            .orElseThrow(() ->
                new PlanException("the metal device runs no step: " + String.join("; ", notes)));
    StringBuilder note = new StringBuilder("encoder " + name(best) + ": the fastest of");
    timings.forEach((encoder, timing) ->
        note.append(
            " %s %.3f ms (first step %.3f ms)"
                .formatted(name(encoder), timing.median() / 1e6, timing.first() / 1e6)));
    notes.add(note.toString());
    return new Chosen(open(best), notes);
  }

  /** Why an encoder cannot be used with this plan; empty when it can. */
  private Optional<String> obstacle(Encoder encoder) {
    int most = loaded.programs().stream().mapToInt(List::size).max().orElse(0);
    return obstacle(loaded.device(), encoder, most);
  }

  /** Why an encoder cannot be used with that GPU and OS for so many commands. */
  static Optional<String> obstacle(MetalDevice device, Encoder encoder, int commands) {
    return switch (encoder) {
      case AUTO, DIRECT -> Optional.empty();
      case ICB -> {
        if (device.name().toLowerCase(Locale.ROOT).contains("virtual")) {
          yield Optional.of("indirect command buffers are broken on virtualised GPUs");
        }
        yield commands > FEW_COMMANDS && !device.supports(GpuFamily.APPLE7)
            ? Optional.of("this GPU executes no more than " + FEW_COMMANDS + " commands at once")
            : Optional.empty();
      }
      case MTL4 ->
          device.supportsMetal4()
              ? Optional.empty()
              : Optional.of("Metal 4 needs macOS 26 and a GPU that has it");
    };
  }

  private CommandPath open(Encoder encoder) {
    int depth = options.tokensInFlight();
    MetalDevice device = loaded.device();
    return switch (encoder) {
      case ICB ->
          ClassicPath.open(
              loaded,
              new IndirectEncoder(device, loaded.programs(), !device.supports(GpuFamily.APPLE9)),
              true,
              depth);
      case MTL4 -> Metal4Path.open(loaded, depth);
      case AUTO, DIRECT ->
          ClassicPath.open(loaded, new DirectEncoder(loaded.programs()), false, depth);
    };
  }

  private static String name(Encoder encoder) {
    return encoder.name().toLowerCase(Locale.ROOT);
  }
}
