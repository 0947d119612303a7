package dev.diecast.tools.tune;

import dev.diecast.replay.Session;
import java.util.ArrayList;
import java.util.List;

/** One choice under measurement: a session that runs with it, and its times so far. */
final class Candidate implements AutoCloseable {
  private final int splits;
  private final Session session;
  private final int[] context;
  private final List<Double> micros = new ArrayList<>();

  /**
   * Starts a session deep in a context.
   *
   * @param context the tokens that lie in the KV cache before every measurement
   */
  Candidate(int splits, Session session, int[] context) {
    this.splits = splits;
    this.session = session;
    this.context = context;
  }

  int splits() {
    return splits;
  }

  /** Steps measured so far. */
  int steps() {
    return micros.size();
  }

  /** Median time of a decode step. */
  double medianMicros() {
    double[] sorted = micros.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /** Brings the session to its depth; not timed. */
  void fill() {
    session.reset();
    var _ = session.start(context);
  }

  /** Times some decode steps, each for itself. */
  void measure(int steps) {
    for (int i = 0; i < steps; i++) {
      long start = System.nanoTime();
      var _ = session.step();
      micros.add((System.nanoTime() - start) / 1e3);
    }
  }

  /** Forgets the times so far, which were of code that was not compiled yet. */
  void forget() {
    micros.clear();
  }

  @Override
  public void close() {
    session.close();
  }
}
