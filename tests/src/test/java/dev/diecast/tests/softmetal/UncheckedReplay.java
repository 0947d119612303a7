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
  private static final int[] PROMPT = {3, 1, 4};

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
   * Runs a program as often as wanted, each time with sampling: a decode program on one token after
   * the other, a prefill program on the same few tokens again and again.
   *
   * @return what the host can see after each run: logits, then the step state
   */
  List<byte[]> run(int program, int times) {
    boolean decode = plan.programs().get(program).name().equals(Program.DECODE);
    List<byte[]> seen = new ArrayList<>();
    state.set(ValueLayout.JAVA_INT, StepState.TOKEN, PROMPT[0]);
    MemorySegment.copy(PROMPT, 0, named("prompt"), ValueLayout.JAVA_INT, 0, PROMPT.length);
    for (int i = 0; i < times; i++) {
      run(program, decode ? 1 : PROMPT.length, seen);
    }
    return seen;
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
