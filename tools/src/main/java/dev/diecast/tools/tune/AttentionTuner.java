package dev.diecast.tools.tune;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.tuning.TuningKey;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Finds into how many parts decode attention cuts the context. All candidates run in turn, a few
 * steps each, so that a machine that gets slower gets slower for all; a candidate's time is the
 * median of its steps.
 */
public final class AttentionTuner {
  private static final int[] CANDIDATES = {1, 2, 4, 8, 16, 32};
  private static final int STEPS = 4;

  /** Rounds before an early end. */
  private static final int FEWEST_ROUNDS = 5;

  private static final long SEED = 0x5eed;

  /** Share of the time in which steps are not counted, because the JVM still compiles. */
  private static final double WARM_UP = 0.3;

  /** Times closer than this count as equal. */
  private static final double GOOD_ENOUGH = 1.02;

  private AttentionTuner() {}

  /**
   * What was found.
   *
   * @param shapes the shapes that the model has, all of which take the choice
   * @param timings by ascending number of splits
   * @param floorMicros a step at an almost empty context, which no choice can beat
   * @param early whether the search ended because a candidate came close enough to that
   */
  public record Outcome(
      Set<TuningKey> shapes, List<Timing> timings, double floorMicros, boolean early) {
    /** An outcome with its own copies. */
    public Outcome {
      shapes = new TreeSet<>(shapes);
      timings = List.copyOf(timings);
    }

    /** The one with the fewest splits among those that are about as fast as the fastest. */
    public Timing best() {
      double fastest = timings.stream().mapToDouble(Timing::micros).min().orElseThrow();
      return timings.stream()
          .filter(timing -> timing.micros() <= GOOD_ENOUGH * fastest)
          .findFirst()
          .orElseThrow();
    }
  }

  /** A candidate's median. */
  public record Timing(int splits, double micros, int steps) {}

  /**
   * Measures.
   *
   * @param depth tokens in the KV cache
   * @param seconds when to stop, once the round that runs is over and at least one was counted
   * @param progress hears the milliseconds that went by
   */
  public static Outcome run(
      GgufFile file,
      CompileOptions compile,
      SessionOptions options,
      int depth,
      double seconds,
      LongConsumer progress) {
    List<Candidate> candidates = new ArrayList<>();
    Plan plan = PlanCompiler.compile(file, compile);
    try {
      for (int splits : CANDIDATES) {
        candidates.add(
            candidate(file, compile.withAttentionSplits(splits), options, splits, depth));
      }
      candidates.add(candidate(file, compile, options, 0, 1)); // the floor
      return measured(AttentionShapes.of(plan), candidates, seconds, progress);
    } finally {
      candidates.forEach(Candidate::close);
    }
  }

  private static Candidate candidate(
      GgufFile file, CompileOptions compile, SessionOptions options, int splits, int depth) {
    Session session = Session.open(PlanCompiler.compile(file, compile), file, options);
    int[] context = new SplittableRandom(SEED).ints(depth, 0, session.vocab()).toArray();
    return new Candidate(splits, session, context);
  }

  private static Outcome measured(
      Set<TuningKey> shapes, List<Candidate> all, double seconds, LongConsumer progress) {
    long start = System.nanoTime();
    Candidate floor = all.getLast();
    List<Candidate> choices = all.subList(0, all.size() - 1);
    boolean early;
    double elapsed;
    do {
      for (Candidate candidate : all) {
        candidate.fill();
        candidate.measure(STEPS);
      }
      elapsed = (System.nanoTime() - start) / 1e9;
      progress.accept((long) (elapsed * 1e3));
      if (elapsed < WARM_UP * seconds) {
        all.forEach(Candidate::forget);
      }
      early =
          floor.steps() >= FEWEST_ROUNDS * STEPS
              && choices.stream()
                  .anyMatch(c -> c.medianMicros() <= GOOD_ENOUGH * floor.medianMicros());
    } while (!early && (elapsed < seconds || floor.steps() == 0));
    List<Timing> timings =
        choices.stream().map(c -> new Timing(c.splits(), c.medianMicros(), c.steps())).toList();
    return new Outcome(shapes, timings, floor.medianMicros(), early);
  }
}
