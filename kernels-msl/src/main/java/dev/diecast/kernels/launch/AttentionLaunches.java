package dev.diecast.kernels.launch;

import dev.diecast.kernels.ArgReader;
import java.util.Map;

/** Attention, and what prepares heads for it. */
final class AttentionLaunches {
  /** Query heads that a threadgroup attends with: {@code HEADS} of attention.h. */
  private static final int HEADS = 4;

  /** Columns of the absorbed keys that a threadgroup computes: {@code COLUMNS} of latent.metal. */
  private static final int COLUMNS = 64;

  private static final String SIMDGROUPS = "simdgroups";
  private static final int COMBINE_THREADS = 128;

  private AttentionLaunches() {}

  static void addTo(Map<String, KernelLaunch> all) {
    add(all, "prepare.metal", "heads_prepare", AttentionLaunches::heads);
    add(all, "latent.metal", "latent_prepare", AttentionLaunches::latent);
    add(all, "attention.metal", "attention", AttentionLaunches::splits);
    add(all, "split_attention.metal", "split_attention", AttentionLaunches::splits);
    all.put(
        "attention_combine",
        new KernelLaunch(
            "combine_splits.metal",
            "attention_combine",
            (args, _) -> new Launch(args.i32("heads"), args.i32("n_tokens"), 1, COMBINE_THREADS)));
  }

  private static void add(
      Map<String, KernelLaunch> all, String resource, String kernel, LaunchRule rule) {
    all.put(kernel, new KernelLaunch(resource, kernel, rule, Map.of(SIMDGROUPS, 4L)));
  }

  /** A simdgroup a head of q, k or v; tokens along y. */
  private static Launch heads(ArgReader args, Constants constants) {
    long items = args.i32("heads") + 2L * args.i32("kv_heads");
    long groups = Launch.cover(items, constants.get(SIMDGROUPS));
    return new Launch(groups, args.i32("n_tokens"), 1, threads(constants));
  }

  /** Blocks of columns of each head, and one more for the cache row; tokens along y. */
  private static Launch latent(ArgReader args, Constants constants) {
    atMost("nope", args, 512);
    atMost(SIMDGROUPS, constants.get(SIMDGROUPS), 4);
    long groups = args.i32("heads") * Launch.cover(args.i32("latent"), COLUMNS) + 1;
    return new Launch(groups, args.i32("n_tokens"), 1, threads(constants));
  }

  /** Splits, then the groups of query heads that share a kv head, by kv head; tokens along z. */
  private static Launch splits(ArgReader args, Constants constants) {
    atMost("dk", args, 576);
    atMost("dv", args, 512);
    long simdgroups = constants.get(SIMDGROUPS);
    int team = args.i32("dv") <= 128 ? 1 : args.i32("dv") <= 256 ? 2 : 4;
    if (simdgroups > 4 || simdgroups % team != 0) {
      throw new IllegalArgumentException(
          simdgroups + " simdgroups are no teams of " + team + ", which dv needs");
    }
    long kvHeads = args.i32("kv_heads");
    if (kvHeads < 1) {
      throw new IllegalArgumentException("kv_heads is " + kvHeads);
    }
    long groups = kvHeads * Launch.cover(args.i32("heads") / kvHeads, HEADS);
    return new Launch(args.i32("splits"), groups, args.i32("n_tokens"), threads(constants));
  }

  private static void atMost(String name, ArgReader args, long most) {
    atMost(name, args.i32(name), most);
  }

  private static void atMost(String name, long value, long most) {
    if (value > most) {
      throw new IllegalArgumentException(name + " is " + value + ", at most " + most + " fits");
    }
  }

  private static int threads(Constants constants) {
    return Math.toIntExact(32 * constants.get(SIMDGROUPS));
  }
}
