package dev.diecast.tools.inspect;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanCodec;
import dev.diecast.plans.Program;
import dev.diecast.plans.shapes.KnownShapes;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Plans to look at. */
public final class TestPlans {
  private TestPlans() {}

  /** A plan of two programs with experts, checked in. */
  public static Plan small() {
    return PlanCodec.decode(Path.of("../model-plans/src/test/resources/small.plan"));
  }

  /** A known shape, compiled. */
  public static Plan shape(String named) {
    return PlanCompiler.compile(KnownShapes.find(named), CompileOptions.DEFAULTS);
  }

  /** A known shape, compiled without fusion: many dispatches, some of them side by side. */
  public static Plan plainShape(String named) {
    return PlanCompiler.compile(
        KnownShapes.find(named), CompileOptions.DEFAULTS.withPasses(PassSelection.parse("-fuse")));
  }

  /** Dispatches of one unknown kernel over an arena of 1 KiB, with the values given. */
  public static Plan bare(List<Dispatch> dispatches, List<Program.ArenaValue> values) {
    return new Plan(
        "test",
        new ModelRef("none", "bare", "", 1, 1, 1, 1, "f32", List.of()),
        "cpu",
        List.of(new KernelUse("unknown", "", List.of(), 0)),
        List.of(new PlanBuffer.Arena("arena", 1024), new PlanBuffer.Kv("kv", 1024)),
        List.of(),
        List.of(new Program("decode", 1, dispatches, 0, 0, values)),
        List.of(),
        List.of());
  }

  /** A dispatch with these bindings, in slot order, after a barrier or not. */
  public static Dispatch dispatch(String label, boolean barrier, Dispatch.Binding... bindings) {
    List<Dispatch.Binding> slots =
        IntStream.range(0, bindings.length).mapToObj(i -> slot(bindings[i], i)).toList();
    return new Dispatch(
        0,
        label,
        0,
        Dispatch.Extent.ONE,
        Dispatch.Extent.ONE,
        slots,
        new byte[0],
        barrier,
        List.of(label),
        0,
        64,
        1);
  }

  /** Bytes {@code from} to {@code to} of a buffer. */
  public static Dispatch.Binding bytes(Dispatch.Access access, int buffer, long from, long to) {
    return new Dispatch.Binding(0, buffer, from, to - from, access, null);
  }

  private static Dispatch.Binding slot(Dispatch.Binding binding, int slot) {
    return new Dispatch.Binding(
        slot,
        binding.buffer(),
        binding.offset(),
        binding.bytes(),
        binding.access(),
        binding.expert());
  }
}
