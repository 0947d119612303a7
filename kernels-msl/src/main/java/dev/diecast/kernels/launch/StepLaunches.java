package dev.diecast.kernels.launch;

import dev.diecast.kernels.ArgReader;
import java.util.Map;

/** Choices: of experts for each token, and of the next token. */
final class StepLaunches {
  /** Experts that the lanes of a simdgroup hold in registers: see route.metal. */
  private static final int MOST_EXPERTS = 512;

  /** Weights of which a sum cannot overflow: see weights.h. */
  private static final int MOST_TOKENS = 1 << 19;

  private static final int SAMPLE_THREADS = 1024;

  private StepLaunches() {}

  static void addTo(Map<String, KernelLaunch> all) {
    all.put("route", new KernelLaunch("route.metal", "route", (args, _) -> route(args)));
    all.put("sample", new KernelLaunch("sample.metal", "sample", (args, _) -> sample(args)));
    all.put("advance", new KernelLaunch("advance.metal", "advance", (_, _) -> Launch.row(1, 32)));
  }

  private static Launch route(ArgReader args) {
    if (args.i32("n_expert") > MOST_EXPERTS) {
      throw new IllegalArgumentException(
          "n_expert is " + args.i32("n_expert") + ", at most " + MOST_EXPERTS + " fits");
    }
    return Launch.row(args.i32("n_tokens"), 32);
  }

  private static Launch sample(ArgReader args) {
    if (args.i32("n_vocab") > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "n_vocab is " + args.i32("n_vocab") + ", at most " + MOST_TOKENS + " fits");
    }
    return Launch.row(1, SAMPLE_THREADS);
  }
}
