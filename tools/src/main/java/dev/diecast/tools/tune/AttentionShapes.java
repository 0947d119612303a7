package dev.diecast.tools.tune;

import dev.diecast.capture.tuning.TuningKey;
import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.Set;
import java.util.TreeSet;

/** The attention shapes of a plan, as keys of the tuning database. */
final class AttentionShapes {
  private static final Set<String> KERNELS = Set.of("attention", "split_attention");

  private AttentionShapes() {}

  static Set<TuningKey> of(Plan plan) {
    Set<TuningKey> keys = new TreeSet<>();
    for (Program program : plan.programs()) {
      for (Dispatch dispatch : program.dispatches()) {
        KernelContract kernel = KernelCatalog.get(plan.kernels().get(dispatch.kernel()).name());
        if (program.tokens() == 1 && KERNELS.contains(kernel.name())) {
          keys.add(key(plan.device(), kernel.args().reader(dispatch.args())));
        }
      }
    }
    return keys;
  }

  private static TuningKey key(String device, ArgReader args) {
    String shape =
        "heads=%d kv_heads=%d dk=%d dv=%d"
            .formatted(args.i32("heads"), args.i32("kv_heads"), args.i32("dk"), args.i32("dv"));
    return new TuningKey(device, "attention", shape);
  }
}
