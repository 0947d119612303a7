package dev.diecast.tests.softmetal;

import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.metal.MetalReplay;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Replays a plan on the metal device without asking the verifier, as a session would: for plans
 * that are wrong on purpose.
 */
final class UncheckedReplay implements AutoCloseable {
  private final Plan plan;
  private final MetalReplay device;
  private final MemorySegment state;

  UncheckedReplay(Plan plan, GgufFile model, MetalOptions options) {
    this.plan = plan;
    this.device = MetalReplay.open(plan, List.of(model.part(0)), options);
    this.state = named("state");
    state.set(ValueLayout.JAVA_FLOAT, StepState.TOP_P, 1);
    state.set(ValueLayout.JAVA_FLOAT, StepState.REPEAT_PENALTY, 1);
  }

  /**
   * Consumes a prompt in one run of the prefill program and then takes greedy steps.
   *
   * @return what the host can see after each run: logits, then the step state
   */
  List<byte[]> run(int[] prompt, int steps) {
    List<byte[]> seen = new ArrayList<>();
    MemorySegment.copy(prompt, 0, named("prompt"), ValueLayout.JAVA_INT, 0, prompt.length);
    run(prefill(), prompt.length, seen);
    for (int i = 0; i < steps; i++) {
      run(plan.programs().indexOf(plan.decode()), 1, seen);
    }
    return seen;
  }

  private int prefill() {
    return IntStream.range(0, plan.programs().size())
        .filter(i -> !plan.programs().get(i).name().equals(Program.DECODE))
        .findFirst()
        .orElseThrow();
  }

  private void run(int program, int active, List<byte[]> seen) {
    state.set(ValueLayout.JAVA_INT, StepState.ACTIVE, active);
    state.set(ValueLayout.JAVA_INT, StepState.EMIT, 1);
    device.await(device.submit(program));
    seen.add(named("logits").toArray(ValueLayout.JAVA_BYTE));
    seen.add(state.toArray(ValueLayout.JAVA_BYTE));
  }

  private MemorySegment named(String name) {
    int index =
        IntStream.range(0, plan.buffers().size())
            .filter(i -> plan.buffers().get(i).name().equals(name))
            .findFirst()
            .orElseThrow();
    return device.buffer(index);
  }

  @Override
  public void close() {
    device.close();
  }
}
