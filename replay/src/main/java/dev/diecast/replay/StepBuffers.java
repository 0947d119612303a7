package dev.diecast.replay;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.plans.StepState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What the host reads and writes between steps: the step state, logits and prompt tokens. */
final class StepBuffers {
  private static final ValueLayout.OfInt I32 =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat F32 =
      JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment state;
  private final MemorySegment logits;
  private final MemorySegment prompt;
  private final MemorySegment ring;
  private final List<MemorySegment> tickets;
  private final int vocab;

  StepBuffers(Plan plan, IntFunction<MemorySegment> buffers) {
    int longest = plan.programs().stream().mapToInt(Program::tokens).max().orElse(1);
    vocab = Math.toIntExact(plan.model().vocab());
    state = find(plan, PlanBuffer.State.class, "", StepState.BYTES, buffers);
    logits = find(plan, PlanBuffer.Io.class, "logits", 4L * vocab, buffers);
    prompt =
        longest > 1
            ? find(plan, PlanBuffer.Io.class, "prompt", 4L * longest, buffers)
            : MemorySegment.NULL;
    ring = find(plan, PlanBuffer.Io.class, "ring", 4L, buffers);
    tickets =
        IntStream.range(0, plan.buffers().size())
            .filter(i -> plan.buffers().get(i) instanceof PlanBuffer.Tickets)
            .mapToObj(buffers)
            .toList();
  }

  /** Makes the next step decode that token. */
  void token(int token) {
    state.set(I32, StepState.TOKEN, token);
  }

  /**
   * Makes the next prefill step consume {@code tokens[from]} to {@code tokens[from + count - 1]}.
   */
  void prompt(int[] tokens, int from, int count) {
    MemorySegment.copy(tokens, from, prompt, I32, 0, count);
  }

  void next(int active, boolean emit) {
    state.set(I32, StepState.ACTIVE, active);
    state.set(I32, StepState.EMIT, emit ? 1 : 0);
  }

  int position() {
    return state.get(I32, StepState.POSITION);
  }

  /** The token that the next decode step consumes. */
  int token() {
    return state.get(I32, StepState.TOKEN);
  }

  /** A token of the output ring, by how many were emitted before it. */
  int emittedToken(long index) {
    return ring.get(I32, index % (ring.byteSize() / 4) * 4);
  }

  int sampled() {
    return state.get(I32, StepState.SAMPLED);
  }

  float logit(int token) {
    return logits.get(F32, 4L * token);
  }

  void logits(float[] into) {
    MemorySegment.copy(logits, F32, 0, into, 0, vocab);
  }

  /** Copies the whole step state out. */
  void read(MemorySegment into) {
    MemorySegment.copy(state, 0, into, 0, StepState.BYTES);
  }

  /** Puts a whole step state in. */
  void write(MemorySegment from) {
    MemorySegment.copy(from, 0, state, 0, StepState.BYTES);
  }

  void sampling(Sampling sampling) {
    state.set(I64, StepState.SEED, sampling.seed());
    state.set(F32, StepState.TEMPERATURE, sampling.temperature());
    state.set(I32, StepState.TOP_K, sampling.topK());
    state.set(F32, StepState.TOP_P, sampling.topP());
    state.set(F32, StepState.MIN_P, sampling.minP());
    state.set(F32, StepState.REPEAT_PENALTY, sampling.repeatPenalty());
    state.set(I32, StepState.REPEAT_WINDOW, sampling.repeatWindow());
  }

  /**
   * Back to an empty cache and history; the sampling parameters stay. Tickets are zero after each
   * step that ends well, and this makes them so after one that did not.
   */
  void rewind() {
    tickets.forEach(buffer -> buffer.fill((byte) 0));
    state.set(I32, StepState.POSITION, 0);
    state.set(I32, StepState.HISTORY_COUNT, 0);
    state.set(I64, StepState.EMITTED, 0);
  }

  private static MemorySegment find(
      Plan plan,
      Class<? extends PlanBuffer> kind,
      String name,
      long bytes,
      IntFunction<MemorySegment> buffers) {
    for (int i = 0; i < plan.buffers().size(); i++) {
      PlanBuffer buffer = plan.buffers().get(i);
      if (kind.isInstance(buffer) && (name.isEmpty() || buffer.name().equals(name))) {
        if (buffer.bytes() < bytes) {
          throw new PlanException(
              "plan: buffer '"
                  + buffer.name()
                  + "' has "
                  + buffer.bytes()
                  + " bytes, "
                  + bytes
                  + " are needed");
        }
        return buffers.apply(i);
      }
    }
    throw new PlanException(
        "plan: has no "
            + kind.getSimpleName()
            + " buffer"
            + (name.isEmpty() ? "" : " '" + name + "'"));
  }
}
