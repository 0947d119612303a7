package dev.diecast.tools.profile;

import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.replay.metal.DispatchTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the dispatches of a program on the device that its plan is for.
 *
 * @param model the plan's weights
 * @param plan verified
 * @param options of the device
 * @param program which, by index
 * @param position tokens in the KV cache
 * @param rounds how often each is measured
 */
public record ProgramTimer(
    GgufFile model, Plan plan, SessionOptions options, int program, int position, int rounds) {
  // As long as the JVM takes to compile the cpu device's kernels, about.
  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final long GPU_WARM_UP_NANOS = 300_000_000L;

  /** Measures whole runs, then single dispatches. */
  public DispatchProfile measure() {
    double whole = wholeMicros();
    return plan.device().equals("metal") ? onGpu(whole) : onHost(whole);
  }

  private double wholeMicros() {
    try (Session session = Session.open(plan, model, options)) {
      ProgramRuns runs = new ProgramRuns(session, measuredProgram(), position);
      warmUp(runs);
      double[] micros = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        runs.place();
        long before = session.deviceNanos();
        runs.run();
        micros[round] = (session.deviceNanos() - before) / 1e3;
      }
      return median(micros);
    }
  }

  private DispatchProfile onGpu(double whole) {
    try (DispatchTimes times = DispatchTimes.open(plan, model, options.metal())) {
      // The first round of a GPU that has slept is slow.
      var _ = times.measure(program, position, 1);
      List<Double> micros =
          times.measure(program, position, rounds).stream()
              .map(DispatchTimes.Time::micros)
              .toList();
      String clock = times.fromCounters() ? "GPU counters" : "command buffers";
      return new DispatchProfile(clock, position, rounds, micros, whole);
    }
  }

  /** The host's clock between what an observer hears; threads meet at every dispatch. */
  private DispatchProfile onHost(double whole) {
    HostClock clock = new HostClock(program, measuredProgram().dispatches().size());
    double[][] micros = new double[measuredProgram().dispatches().size()][rounds];
    try (Session session = Session.open(plan, model, options, clock)) {
      ProgramRuns runs = new ProgramRuns(session, measuredProgram(), position);
      warmUp(runs);
      for (int round = 0; round < rounds; round++) {
        runs.place();
        clock.start();
        runs.run();
        for (int i = 0; i < micros.length; i++) {
          micros[i][round] = clock.micros(i);
        }
      }
    }
    List<Double> medians = new ArrayList<>();
    for (double[] all : micros) {
      medians.add(median(all));
    }
    return new DispatchProfile("host", position, rounds, medians, whole);
  }

  private void warmUp(ProgramRuns runs) {
    long nanos = plan.device().equals("cpu") ? WARM_UP_NANOS : GPU_WARM_UP_NANOS;
    long start = System.nanoTime();
    do {
      runs.place();
      runs.run();
    } while (System.nanoTime() - start < nanos);
  }

  private Program measuredProgram() {
    return plan.programs().get(program);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
