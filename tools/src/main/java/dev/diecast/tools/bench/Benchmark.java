package dev.diecast.tools.bench;

import dev.diecast.replay.Session;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;

/** Runs a workload on a session, round after round. */
public final class Benchmark {
  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final long LONGEST_WARM_UP_NANOS = 20_000_000_000L;

  /** A round that is faster than any before by this factor was not the last to get faster. */
  private static final double STILL_WARMING = 1.05;

  private final Session session;
  private final Workload workload;
  private final int[] prompt;
  private final int[] filler;
  private final AllocationMeter allocations = new AllocationMeter();

  private Benchmark(Session session, Workload workload) {
    this.session = session;
    this.workload = workload;
    this.prompt = Workload.tokens(workload.prompt(), session.vocab());
    this.filler =
        Workload.tokens(Math.max(0, workload.depth() - workload.prompt()), session.vocab());
  }

  /** One round's figures. */
  private record Round(
      double prefillPerSecond,
      double decodePerSecond,
      double hostMicros,
      double allocated,
      double firstTokenMillis) {}

  /** Measures; {@code progress} hears how many rounds are done, the warm-up counting as one. */
  public static Measurement run(Session session, Workload workload, LongConsumer progress) {
    Benchmark benchmark = new Benchmark(session, workload);
    Round cold = benchmark.warmUp();
    progress.accept(1);
    Round[] rounds = new Round[workload.repeat()];
    for (int i = 0; i < rounds.length; i++) {
      rounds[i] = benchmark.round();
      progress.accept(i + 2L);
    }
    return measurement(cold, rounds);
  }

  /**
   * Measures two sessions of equal models side by side: their rounds take turns, so that what the
   * machine does meanwhile meets both alike.
   */
  public static Comparison compare(
      Session session, Session other, Workload workload, LongConsumer progress) {
    Benchmark[] sides = {new Benchmark(session, workload), new Benchmark(other, workload)};
    Round[] cold = {sides[0].warmUp(), sides[1].warmUp()};
    progress.accept(1);
    Round[][] rounds = new Round[2][workload.repeat()];
    for (int i = 0; i < workload.repeat(); i++) {
      int first = i % 2; // whoever comes first finds the caches of the other's round
      rounds[first][i] = sides[first].round();
      rounds[1 - first][i] = sides[1 - first].round();
      progress.accept(i + 2L);
    }
    return new Comparison(
        measurement(cold[0], rounds[0]),
        measurement(cold[1], rounds[1]),
        ratio(rounds, Round::decodePerSecond),
        ratio(rounds, Round::prefillPerSecond));
  }

  private static Measurement measurement(Round cold, Round[] rounds) {
    return new Measurement(
        spread(rounds, Round::decodePerSecond),
        spread(rounds, Round::prefillPerSecond),
        spread(rounds, Round::hostMicros).median(),
        spread(rounds, Round::allocated).min(),
        cold.firstTokenMillis(),
        spread(rounds, Round::firstTokenMillis).median());
  }

  private static Spread ratio(Round[][] rounds, ToDoubleFunction<Round> figure) {
    double[] ratios = new double[rounds[0].length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = figure.applyAsDouble(rounds[0][i]) / figure.applyAsDouble(rounds[1][i]);
    }
    return Spread.of(ratios);
  }

  /**
   * Untimed rounds until the JVM has compiled what runs, as far as that shows; returns the first.
   */
  private Round warmUp() {
    long start = System.nanoTime();
    Round first = round();
    double best = first.decodePerSecond();
    boolean warming = true;
    while (System.nanoTime() - start < (warming ? LONGEST_WARM_UP_NANOS : WARM_UP_NANOS)) {
      Round round = round();
      // Vector code allocates until C2 has compiled it.
      warming = round.decodePerSecond() > STILL_WARMING * best || round.allocated() > 0;
      best = Math.max(best, round.decodePerSecond());
    }
    return first;
  }

  private static Spread spread(Round[] rounds, ToDoubleFunction<Round> figure) {
    return Spread.of(Arrays.stream(rounds).mapToDouble(figure).toArray());
  }

  private Round round() {
    session.reset();
    long start = System.nanoTime();
    var _ = session.start(prompt);
    long prefilled = System.nanoTime();
    if (filler.length > 0) {
      var _ = session.start(filler);
    }
    long[] allocated = allocations.read();
    long device = session.deviceNanos();
    long decodeStart = System.nanoTime();
    var _ = session.steps(workload.tokens());
    long decodeNanos = System.nanoTime() - decodeStart;
    long allocatedBytes = allocations.since(allocated);
    long hostNanos = decodeNanos - (session.deviceNanos() - device);
    return new Round(
        prompt.length * 1e9 / Math.max(1, prefilled - start),
        workload.tokens() * 1e9 / Math.max(1, decodeNanos),
        hostNanos / 1e3 / workload.tokens(),
        (double) allocatedBytes / workload.tokens(),
        (prefilled - start) / 1e6);
  }
}
