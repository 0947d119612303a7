package dev.diecast.kernels.launch;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import java.util.Map;

/** Kernels in which a thread has one value, or a few, and kernels that norm a row. */
final class ValueLaunches {
  private static final int THREADS = 256;
  private static final int MOST_THREADS = 1024;

  private ValueLaunches() {}

  static void addTo(Map<String, KernelLaunch> all) {
    add(all, "elementwise.metal", "silu_mul", (args, _) -> values(args, args.i32("n"), "n_slots"));
    add(all, "elementwise.metal", "add", (args, _) -> values(args, args.i32("n")));
    add(all, "elementwise.metal", "add_bias", (args, _) -> values(args, args.i32("n")));
    add(all, "combine.metal", "expert_combine", (args, _) -> values(args, args.i32("n")));
    add(all, "cache.metal", "kv_write", (args, _) -> values(args, args.i32("n")));
    add(all, "rope.metal", "rope_angles", (args, _) -> values(args, args.i32("n_rot") / 2L));
    add(all, "rope.metal", "rope", (args, _) -> rope(args));
    add(all, "norm.metal", "rms_norm", (args, _) -> norm(args));
    for (String type : KernelCatalog.WEIGHT_TYPES) {
      add(all, "embed.metal", "embed_" + type, (args, _) -> embed(args));
    }
  }

  private static void add(
      Map<String, KernelLaunch> all, String resource, String kernel, LaunchRule rule) {
    all.put(kernel, new KernelLaunch(resource, kernel, rule));
  }

  /** A thread a value; tokens along y. */
  private static Launch values(ArgReader args, long values) {
    int threads = threads(values, THREADS);
    return new Launch(Launch.cover(values, threads), args.i32("n_tokens"), 1, threads);
  }

  /** The same with tokens along z, and along y what the named argument counts. */
  private static Launch values(ArgReader args, long values, String y) {
    int threads = threads(values, THREADS);
    return new Launch(Launch.cover(values, threads), args.i32(y), args.i32("n_tokens"), threads);
  }

  /** A thread a pair, or a value that is only copied. */
  private static Launch rope(ArgReader args) {
    return values(args, args.i32("n") - args.i32("n_rot") / 2L, "heads");
  }

  private static Launch embed(ArgReader args) {
    return values(args, Launch.cover(args.i32("cols"), 8));
  }

  /** A threadgroup a row, four values of a thread at a time. */
  private static Launch norm(ArgReader args) {
    int rows = args.i32("last_only") == 1 ? 1 : args.i32("n_tokens");
    int threads = threads(Launch.cover(args.i32("n"), 4), MOST_THREADS);
    return new Launch(args.i32("heads"), rows, 1, threads);
  }

  private static int threads(long wanted, int most) {
    return Math.toIntExact(Math.min(most, Launch.cover(wanted, 32) * 32));
  }
}
