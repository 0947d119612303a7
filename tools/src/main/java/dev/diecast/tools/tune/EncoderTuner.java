package dev.diecast.tools.tune;

import dev.diecast.capture.tuning.TuningKey;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Finds which encoder brings the commands of a plan to a Metal GPU fastest. All that this GPU can
 * use run in turn, so that a machine that gets slower gets slower for all.
 */
public final class EncoderTuner {
  private static final int STEPS = 8;
  private static final int FEWEST_ROUNDS = 3;

  /** Share of the time in which steps are not counted: GPU and JVM are slow at first. */
  private static final double WARM_UP = 0.3;

  private EncoderTuner() {}

  /**
   * An encoder's median.
   *
   * @param encoder which
   * @param micros per token, with the tokens in flight of the options
   * @param steps how many were counted
   */
  public record Timing(Encoder encoder, double micros, int steps) {
    /** As options name it. */
    public String name() {
      return encoder.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was found.
   *
   * @param key what the choice is for
   * @param timings fastest first
   * @param left which encoders cannot be used here, and why
   */
  public record Outcome(TuningKey key, List<Timing> timings, List<String> left) {
    /** Copies the lists. */
    public Outcome {
      timings = List.copyOf(timings);
      left = List.copyOf(left);
    }

    /** The fastest. */
    public Timing best() {
      return timings.getFirst();
    }
  }

  private record Entrant(Encoder encoder, Session session, List<Double> micros) {
    void measure() {
      session.reset();
      var _ = session.start(new int[] {0});
      long start = System.nanoTime();
      var _ = session.steps(STEPS);
      micros.add((System.nanoTime() - start) / 1e3 / STEPS);
    }

    Timing timing() {
      double[] sorted = micros.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return new Timing(encoder, sorted[sorted.length / 2], sorted.length * STEPS);
    }
  }

  /**
   * Measures.
   *
   * @param plan for the device {@code metal}, with room for a dozen tokens
   * @param seconds how long, about
   */
  public static Outcome run(GgufFile file, Plan plan, SessionOptions options, double seconds) {
    List<Entrant> entrants = new ArrayList<>();
    List<String> left = new ArrayList<>();
    try {
      for (Encoder encoder : List.of(Encoder.DIRECT, Encoder.ICB, Encoder.MTL4)) {
        try {
          Session session =
              Session.open(plan, file, options.withMetal(options.metal().withEncoder(encoder)));
          entrants.add(new Entrant(encoder, session, new ArrayList<>()));
        } catch (PlanException e) {
          left.add(String.valueOf(e.getMessage()));
        }
      }
      if (entrants.isEmpty()) {
        throw new PlanException("no encoder can be used: " + String.join("; ", left));
      }
      measure(entrants, seconds);
      List<Timing> timings =
          entrants.stream()
              .map(Entrant::timing)
              .sorted(Comparator.comparingDouble(Timing::micros))
              .toList();
      return new Outcome(key(plan), timings, left);
    } finally {
      entrants.forEach(entrant -> entrant.session().close());
    }
  }

  /** As the planner asks for it. */
  private static TuningKey key(Plan plan) {
    int dispatches = plan.decode().dispatches().size();
    return new TuningKey(plan.device(), "encoder", "dispatches=" + dispatches);
  }

  private static void measure(List<Entrant> entrants, double seconds) {
    long start = System.nanoTime();
    int counted = 0;
    boolean warm = false;
    double elapsed;
    do {
      entrants.forEach(Entrant::measure);
      elapsed = (System.nanoTime() - start) / 1e9;
      if (!warm && elapsed >= WARM_UP * seconds) {
        warm = true;
        entrants.forEach(entrant -> entrant.micros().clear());
      } else if (warm) {
        counted++;
      }
    } while (elapsed < seconds || counted < FEWEST_ROUNDS);
  }
}
