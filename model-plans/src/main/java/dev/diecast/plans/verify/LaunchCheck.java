package dev.diecast.plans.verify;

import dev.diecast.kernels.GpuConstants;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.launch.Constants;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.launch.Launch;
import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.plans.Dispatch.Extent;
import dev.diecast.plans.KernelUse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans for a GPU: kernels are the text that ships, constants are those that it declares, flags say
 * what is bound, and the grid is the one that the kernel is written for.
 */
final class LaunchCheck {
  private static final long MOST_TUNABLE = 1024;

  private final Findings findings;

  LaunchCheck(Findings findings) {
    this.findings = findings;
  }

  void run(Call call) {
    Map<String, Long> constants = new HashMap<>();
    call.use().constants().forEach(constant -> constants.put(constant.name(), constant.value()));
    KernelLaunch launch = launch(call, constants);
    if (launch == null || !tunablesHold(call, launch, constants)) {
      return;
    }
    KernelModules.Parsed text = KernelModules.of(launch.resource());
    source(call, text, launch);
    declared(call, constants, names(call.contract(), text.module(), launch));
    flags(call, constants);
    size(call, launch, constants);
  }

  private @Nullable KernelLaunch launch(Call call, Map<String, Long> constants) {
    try {
      return KernelLaunches.of(call.contract().name(), constants);
    } catch (IllegalArgumentException e) {
      add(call, "cannot run on a GPU in this form");
      return null;
    }
  }

  /** The plan was made for this text: another one may want other arguments or another grid. */
  private void source(Call call, KernelModules.Parsed text, KernelLaunch launch) {
    if (!call.use().sourceHash().equals(text.hash())) {
      add(call, "was planned for another text of " + launch.resource());
    }
    long bytes =
        text.module().kernel(launch.entry()).orElseThrow().staticThreadgroupBytes().orElseThrow();
    if (call.use().threadgroupBytes() != bytes) {
      add(
          call,
          "has %d bytes of threadgroup memory, not %d"
              .formatted(bytes, call.use().threadgroupBytes()));
    }
  }

  private boolean tunablesHold(Call call, KernelLaunch launch, Map<String, Long> constants) {
    boolean hold = true;
    for (String name : launch.tunables().keySet()) {
      Long value = constants.get(name);
      if (value == null) {
        add(call, "needs the constant " + name);
        hold = false;
      } else if (value < 1 || value > MOST_TUNABLE) {
        add(call, "takes 1 to " + MOST_TUNABLE + " as " + name + ", not " + value);
        hold = false;
      }
    }
    return hold;
  }

  private static Set<String> names(KernelContract contract, MslModule module, KernelLaunch launch) {
    Set<String> names = new HashSet<>(contract.constants());
    module.functionConstants().forEach(constant -> names.add(constant.name()));
    names.addAll(launch.tunables().keySet());
    return names;
  }

  private void declared(Call call, Map<String, Long> constants, Set<String> names) {
    for (KernelUse.Constant constant : call.use().constants()) {
      if (!names.contains(constant.name())) {
        add(call, "has no constant " + constant.name());
      }
    }
    for (String name : names) {
      if (!constants.containsKey(name)) {
        add(call, "needs the constant " + name);
      }
    }
    if (constants.size() != call.use().constants().size()) {
      add(call, "is given a constant twice");
    }
  }

  private void flags(Call call, Map<String, Long> constants) {
    constants.forEach((name, value) -> {
      if (name.startsWith(GpuConstants.BOUND)) {
        String slot = name.substring(GpuConstants.BOUND.length());
        long bound =
            call.contract().slots().stream().anyMatch(s -> s.name().equals(slot))
                    && call.bound(slot) != null
                ? 1
                : 0;
        if (value != bound) {
          add(call, "is told " + name + " = " + value + ", but it is " + bound);
        }
      }
    });
  }

  private void size(Call call, KernelLaunch launch, Map<String, Long> constants) {
    Launch size;
    try {
      size = launch.rule().launch(call.args(), new Constants(constants));
    } catch (IllegalArgumentException | ArithmeticException e) {
      add(call, "has no launch for these arguments: " + e.getMessage());
      return;
    }
    Extent grid = new Extent(size.x(), size.y(), size.z());
    Extent threads = new Extent(size.threads(), 1, 1);
    if (!call.dispatch().grid().equals(grid)) {
      add(call, "takes the grid " + text(grid) + ", not " + text(call.dispatch().grid()));
    }
    if (!call.dispatch().threadgroup().equals(threads)) {
      add(
          call,
          "takes threadgroups of "
              + text(threads)
              + ", not "
              + text(call.dispatch().threadgroup()));
    }
  }

  private static String text(Extent extent) {
    return extent.x() + "," + extent.y() + "," + extent.z();
  }

  private void add(Call call, String message) {
    findings.add(call.place(), call.contract().name() + " " + message);
  }
}
