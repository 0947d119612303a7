package dev.diecast.tools.bench;

import dev.diecast.replay.cpu.KernelRun;
import dev.diecast.tools.cases.CaseMemory;
import dev.diecast.tools.cases.Content;
import dev.diecast.tools.cases.KernelCase;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Times single kernels of the cpu device. A case lies in memory several times and the runs take
 * turns, so that weights come from memory and not from a cache, as they do in a model; runs and a
 * loop that only reads memory alternate, because machines are noisy.
 */
public final class KernelBench {
  /** Together larger than any cache. */
  private static final long ALL_COPIES = 256L << 20;

  private static final int MOST_COPIES = 64;

  /** Share of the time in which runs are not counted, because the JVM still compiles. */
  private static final double WARM_UP = 0.5;

  private static final int ROUNDS = 8;
  private static final int FEWEST_RUNS = 5;

  private final int threads;
  private final double seconds;
  private final MemoryStream stream;

  /**
   * Measures with that many threads.
   *
   * @param seconds for each case, about
   */
  public KernelBench(int threads, double seconds, MemoryStream stream) {
    this.threads = threads;
    this.seconds = seconds;
    this.stream = stream;
  }

  /** Times one case. */
  public KernelTiming time(KernelCase of) {
    List<KernelRun> copies = new ArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      try {
        for (int i = 0; i < copies(of); i++) {
          var memory = new CaseMemory(of, arena);
          copies.add(
              KernelRun.open(
                  of.contract(), of.constants(), of.packedArgs(), memory.slots(), threads));
        }
        return time(of, copies);
      } finally {
        copies.forEach(KernelRun::close);
      }
    }
  }

  private KernelTiming time(KernelCase of, List<KernelRun> copies) {
    List<Double> micros = new ArrayList<>();
    double round = WARM_UP * seconds;
    run(copies, round, micros);
    micros.clear();
    double[] streamed = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      streamed[i] = stream.read();
      run(copies, (seconds - round) / ROUNDS, micros);
    }
    double[] all = micros.stream().mapToDouble(Double::doubleValue).toArray();
    return new KernelTiming(of, Spread.of(all), all.length, Spread.of(streamed));
  }

  private static void run(List<KernelRun> copies, double seconds, List<Double> micros) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (int i = 0; i < FEWEST_RUNS || System.nanoTime() < end; i++) {
      KernelRun copy = copies.get(micros.size() % copies.size());
      long start = System.nanoTime();
      copy.run();
      micros.add((System.nanoTime() - start) / 1e3);
    }
  }

  private static int copies(KernelCase of) {
    long bytes = of.slots().values().stream().mapToLong(Content::bytes).sum();
    return Math.clamp(ALL_COPIES / Math.max(1, bytes), 1, MOST_COPIES);
  }
}
