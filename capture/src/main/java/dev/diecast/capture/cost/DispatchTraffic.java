package dev.diecast.capture.cost;

import dev.diecast.kernels.ArgField;
import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.ArgStruct;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Dispatch.Access;
import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Bytes and operations of a dispatch at a depth of the KV cache. A plan states both for a full
 * cache; of an attention dispatch, what depends on the position is scaled by the filled share:
 * bytes that it reads of the cache, and operations per cache row.
 */
record DispatchTraffic(long weightBytes, long kvBytes, long otherBytes, long flops) {
  private static final Set<String> ATTENTION_ARGS =
      Set.of("n_tokens", "heads", "dk", "dv", "capacity");

  /**
   * @param filled the share of the cache that is read, 0 to 1
   */
  static DispatchTraffic of(Plan plan, Dispatch dispatch, double filled) {
    long cache = Math.min(dispatch.activationBytes(), cacheBytes(plan, dispatch));
    long products = cache == 0 ? 0 : attentionFlops(plan, dispatch);
    return new DispatchTraffic(
        dispatch.weightBytes(),
        Math.round(cache * filled),
        dispatch.activationBytes() - cache,
        dispatch.flops() - products + Math.round(products * filled));
  }

  /** Cache bytes within reach of reads; keys and values in the same rows count once. */
  private static long cacheBytes(Plan plan, Dispatch dispatch) {
    List<Binding> reads =
        dispatch.bindings().stream()
            .filter(binding -> binding.access() == Access.READ && isCache(plan, binding.buffer()))
            .sorted(Comparator.comparingInt(Binding::buffer).thenComparingLong(Binding::offset))
            .toList();
    long bytes = 0;
    int buffer = -1;
    long end = 0;
    for (Binding read : reads) {
      long from = read.buffer() == buffer ? Math.max(end, read.offset()) : read.offset();
      long to = read.offset() + read.bytes();
      bytes += Math.max(0, to - from);
      end = read.buffer() == buffer ? Math.max(end, to) : to;
      buffer = read.buffer();
    }
    return bytes;
  }

  private static boolean isCache(Plan plan, int buffer) {
    return buffer >= 0
        && buffer < plan.buffers().size()
        && plan.buffers().get(buffer) instanceof PlanBuffer.Kv;
  }

  /**
   * Operations of scores and weighted values over a full cache, from the kernel's arguments; never
   * more than the dispatch states.
   */
  private static long attentionFlops(Plan plan, Dispatch dispatch) {
    if (dispatch.kernel() < 0 || dispatch.kernel() >= plan.kernels().size()) {
      return 0;
    }
    double flops =
        KernelCatalog.find(plan.kernels().get(dispatch.kernel()).name())
            .map(contract -> attentionFlops(contract.args(), dispatch.args()))
            .orElse(0.0);
    return (long) Math.min(Math.max(flops, 0), (double) dispatch.flops());
  }

  private static double attentionFlops(ArgStruct struct, byte[] packed) {
    Set<String> names = struct.fields().stream().map(ArgField::name).collect(Collectors.toSet());
    if (!names.containsAll(ATTENTION_ARGS) || struct.byteSize() != packed.length) {
      return 0;
    }
    ArgReader args = struct.reader(packed);
    return 2.0
        * args.i32("n_tokens")
        * args.i32("heads")
        * args.i32("capacity")
        * ((double) args.i32("dk") + args.i32("dv"));
  }
}
