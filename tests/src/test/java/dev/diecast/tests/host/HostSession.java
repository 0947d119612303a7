package dev.diecast.tests.host;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.host.HostBuffer;
import dev.diecast.kernels.host.HostFinding;
import dev.diecast.kernels.host.HostLaunch;
import dev.diecast.kernels.host.HostReport;
import dev.diecast.kernels.host.Schedule;
import dev.diecast.kernels.host.Size3;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.GgufFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A GPU plan, run dispatch by dispatch by the host execution of MSL. Slow, and strict: each kernel
 * sees just the bytes that the plan binds.
 */
final class HostSession implements AutoCloseable {
  private static final int STEP_SECONDS = 300;

  private final Plan plan;
  private final Arena arena = Arena.ofShared();
  private final HostMemory memory;
  private final HostPipelines pipelines;
  private final Schedule schedule;
  private final MemorySegment state;
  private final List<HostFinding> findings = new ArrayList<>();

  HostSession(Plan plan, GgufFile model, HostPipelines pipelines, Schedule schedule) {
    this.plan = plan;
    this.memory = new HostMemory(plan, model, arena);
    this.pipelines = pipelines;
    this.schedule = schedule;
    this.state = memory.named("state");
    state.set(ValueLayout.JAVA_FLOAT, StepState.TOP_P, 1);
    state.set(ValueLayout.JAVA_FLOAT, StepState.REPEAT_PENALTY, 1);
  }

  /** Decodes one token without sampling the next; its logits. */
  float[] feed(int token) {
    state.set(ValueLayout.JAVA_INT, StepState.TOKEN, token);
    run(plan.decode(), 1, false);
    return logits();
  }

  /** Decodes the token that the last step chose, and chooses the next. */
  int step() {
    run(plan.decode(), 1, true);
    return state.get(ValueLayout.JAVA_INT, StepState.SAMPLED);
  }

  /** Consumes tokens in one run of the prefill program; the last one's logits. */
  float[] prefill(int[] tokens, boolean emit) {
    Program program =
        plan.programs().stream()
            .filter(p -> p.tokens() >= tokens.length && p.tokens() > 1)
            .findFirst()
            .orElseThrow();
    MemorySegment.copy(tokens, 0, memory.named("prompt"), ValueLayout.JAVA_INT, 0, tokens.length);
    run(program, tokens.length, emit);
    return logits();
  }

  int sampled() {
    return state.get(ValueLayout.JAVA_INT, StepState.SAMPLED);
  }

  /** What the checker found so far. */
  List<HostFinding> findings() {
    return findings;
  }

  private float[] logits() {
    float[] row = new float[Math.toIntExact(plan.model().vocab())];
    MemorySegment.copy(memory.named("logits"), ValueLayout.JAVA_FLOAT, 0, row, 0, row.length);
    return row;
  }

  private void run(Program program, int active, boolean emit) {
    state.set(ValueLayout.JAVA_INT, StepState.ACTIVE, active);
    state.set(ValueLayout.JAVA_INT, StepState.EMIT, emit ? 1 : 0);
    for (Dispatch dispatch : program.dispatches()) {
      dispatch(dispatch);
    }
  }

  private void dispatch(Dispatch dispatch) {
    KernelUse use = plan.kernels().get(dispatch.kernel());
    KernelContract contract = KernelCatalog.get(use.name());
    try (Arena own = Arena.ofConfined()) {
      Map<String, HostBuffer> buffers = new HashMap<>();
      dispatch
          .bindings()
          .forEach(binding ->
              buffers.put(
                  contract.slots().get(binding.slot()).name(),
                  HostBuffer.of(memory.bound(binding))));
      MemorySegment args = own.allocate(dispatch.args().length, 16);
      MemorySegment.copy(
          dispatch.args(), 0, args, ValueLayout.JAVA_BYTE, 0, dispatch.args().length);
      buffers.put("args", HostBuffer.of(args));
      HostReport report =
          pipelines
              .kernel(use)
              .dispatch(
                  new HostLaunch(size(dispatch.grid()), size(dispatch.threadgroup()), buffers)
                      .with(schedule)
                      .within(STEP_SECONDS)
                      .allowingInPlace());
      findings.addAll(report.findings());
      if (!report.complete()) {
        throw new AssertionError(dispatch.label() + " did not run to its end: " + report);
      }
    }
  }

  private static Size3 size(Dispatch.Extent extent) {
    return new Size3(
        Math.toIntExact(extent.x()), Math.toIntExact(extent.y()), Math.toIntExact(extent.z()));
  }

  @Override
  public void close() {
    arena.close();
  }
}
