package dev.diecast.capture.lower;

import dev.diecast.capture.tuning.Tuning;
import dev.diecast.kernels.ArgField;
import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.ArgType;
import dev.diecast.kernels.GpuConstants;
import dev.diecast.kernels.launch.Constants;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.launch.Launch;
import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.plans.Dispatch.Extent;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.PlanException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Chooses the pipeline and the grid of a dispatch. */
sealed interface Launcher {
  /**
   * A dispatch's pipeline and size.
   *
   * @param use the kernel with all its constants
   * @param grid threadgroups
   * @param threadgroup threads of each
   */
  record Launched(KernelUse use, Extent grid, Extent threadgroup) {}

  /** The pipeline and grid of a draft in a program that consumes up to {@code tokens} tokens. */
  Launched launch(Draft draft, int tokens);

  /** The launcher of a device. */
  static Launcher of(DeviceProfile device, Tuning tuning) {
    return device.gpu() ? new OnGpu(tuning) : new OnCpu();
  }

  /** The cpu device brings its own kernels and cuts its own chunks. */
  record OnCpu() implements Launcher {
    @Override
    public Launched launch(Draft draft, int tokens) {
      KernelUse use = new KernelUse(draft.kernel().name(), "", draft.constants(), 0);
      return new Launched(use, Extent.ONE, Extent.ONE);
    }
  }

  /**
   * A GPU runs the MSL kernels, specialised by what the contract states, by what is bound and by
   * tuning.
   */
  record OnGpu(Tuning tuning) implements Launcher {
    private static final int MOST = 1024;
    private static final Set<String> NO_SHAPE = Set.of("n_tokens", "capacity", "last_only");

    @Override
    public Launched launch(Draft draft, int tokens) {
      String kernel = draft.kernel().name();
      ArgReader args = draft.kernel().args().reader(draft.args());
      Map<String, Long> tunables = new TreeMap<>(choice(kernel, args, tokens).tunables());
      tunables.replaceAll((name, value) -> tuned(draft, args, name, value));
      Map<String, Long> stated = new HashMap<>(tunables);
      draft.constants().forEach(constant -> stated.put(constant.name(), constant.value()));
      KernelLaunch launch = KernelLaunches.of(kernel, stated);
      KernelModules.Parsed parsed = KernelModules.of(launch.resource());
      MslKernel entry = parsed.module().kernel(launch.entry()).orElseThrow();
      Set<String> bound =
          draft.touches().stream().map(touch -> touch.slot().name()).collect(Collectors.toSet());
      List<KernelUse.Constant> constants =
          GpuConstants.of(draft.kernel(), parsed.module(), stated, bound).entrySet().stream()
              .map(constant -> new KernelUse.Constant(constant.getKey(), constant.getValue()))
              .toList();
      Launch size = size(launch, draft, args, stated);
      return new Launched(
          new KernelUse(
              kernel, parsed.hash(), constants, entry.staticThreadgroupBytes().orElseThrow()),
          new Extent(size.x(), size.y(), size.z()),
          new Extent(size.threads(), 1, 1));
    }

    private static KernelLaunch choice(String kernel, ArgReader args, int tokens) {
      @Nullable KernelLaunch tiled = KernelLaunches.tiled(kernel);
      boolean one = tokens == 1 || (args.has("last_only") && args.i32("last_only") == 1);
      return tiled == null || one ? KernelLaunches.of(kernel) : tiled;
    }

    private long tuned(Draft draft, ArgReader args, String name, long value) {
      if (name.equals(KernelLaunches.TOKEN_TILE)) {
        return value;
      }
      int otherwise = Math.toIntExact(value);
      return tuning.choose(draft.kernel().name(), shape(draft, args), name, otherwise, 1, MOST);
    }

    /** The sizes that matter for speed: all integer arguments but strides. */
    private static String shape(Draft draft, ArgReader args) {
      return draft.kernel().args().fields().stream()
          .filter(field -> field.type() == ArgType.I32)
          .map(ArgField::name)
          .filter(name -> !name.endsWith("_stride") && !NO_SHAPE.contains(name))
          .map(name -> name + "=" + args.i32(name))
          .collect(Collectors.joining(" "));
    }

    private static Launch size(
        KernelLaunch launch, Draft draft, ArgReader args, Map<String, Long> constants) {
      try {
        return launch.rule().launch(args, new Constants(constants));
      } catch (IllegalArgumentException e) {
        throw new PlanException(draft.label() + ": no launch fits it: " + e.getMessage(), e);
      }
    }
  }
}
