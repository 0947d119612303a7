package dev.diecast.replay.cpu.ops;

import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import java.lang.foreign.MemorySegment;

/**
 * {@code sample}: records the step's tokens in the history and chooses the next one. The order is
 * that of llama.cpp's default chain: repetition penalty, top-k, top-p, min-p, temperature. Top-p
 * and min-p look at the probabilities before the temperature; both keep a prefix of the tokens in
 * descending order, so the shorter prefix counts. Ties go to the lower id. A temperature of 0 takes
 * the likeliest token at once.
 *
 * <p>NaN counts as minus infinity. When no logit is a number the choice is token 0; the host
 * recognises that by its logit.
 *
 * <p>Scratch: n_vocab float32 for penalised logits or weights, then n_vocab int32 for token ids.
 */
record Sample(Step step, int vocab, long logits, long tokens, long scratch) implements BoundKernel {

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.whole(bindings);
    int vocab = bindings.args().i32("n_vocab");
    bindings.require("logits", Span.of(vocab).floats());
    bindings.require("tokens", Span.of(step.tokens()).bytes(Integer.BYTES));
    bindings.require("scratch", Span.of(vocab).bytes(Float.BYTES + Integer.BYTES));
    return new Sample(
        step,
        vocab,
        bindings.address("logits"),
        bindings.address("tokens"),
        bindings.address("scratch"));
  }

  @Override
  public long items() {
    return 1;
  }

  @Override
  public long grain() {
    return 1;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    History.append(step.address(), tokens, step.active());
    if (step.emits()) {
      Memory.i32(step.address() + StepState.SAMPLED, choose());
    }
  }

  private int choose() {
    long state = step.address();
    long scores = penalised(state);
    float temperature = Memory.f32(state + StepState.TEMPERATURE);
    int best = Argmax.of(scores, vocab);
    float max = Memory.f32(scores + 4L * best);
    // An infinite maximum leaves no softmax to draw from.
    if (!(temperature > 0) || !Float.isFinite(max)) {
      return best;
    }
    double random = Randomness.uniform(Memory.i64(state + StepState.SEED), lastPosition());
    int topK = Memory.i32(state + StepState.TOP_K);
    float topP = Memory.f32(state + StepState.TOP_P);
    float minP = Memory.f32(state + StepState.MIN_P);
    int kept = topK > 0 ? Math.min(topK, vocab) : vocab;
    if (kept == vocab && topP >= 1 && minP <= 0) {
      return Draw.fromAll(scores, vocab, max, temperature, random, scratch);
    }
    long ids = scratch + 4L * vocab;
    int count = Nucleus.select(scores, vocab, kept, topP, minP, max, ids);
    return Draw.fromSome(scores, ids, count, max, temperature, random);
  }

  private long lastPosition() {
    return (long) step.position() + step.active() - 1;
  }

  /** Address of the logits after the repetition penalty: a copy in scratch where one applies. */
  private long penalised(long state) {
    float penalty = Memory.f32(state + StepState.REPEAT_PENALTY);
    int window = History.window(state);
    if (penalty == 1 || window == 0) {
      return logits;
    }
    MemorySegment.copy(Memory.ALL, logits, Memory.ALL, scratch, 4L * vocab);
    for (int i = 0; i < window; i++) {
      int token = History.recent(state, i);
      if (token >= 0 && token < vocab) {
        // From the unpenalised logit, so that a token seen twice is penalised once.
        float logit = Memory.f32(logits + 4L * token);
        Memory.f32(scratch + 4L * token, logit > 0 ? logit / penalty : logit * penalty);
      }
    }
    return scratch;
  }
}
