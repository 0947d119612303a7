package dev.diecast.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.Plan;
import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.CpuDevice;
import dev.diecast.replay.device.Device;
import dev.diecast.replay.device.DeviceFailure;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensAheadTest {
  private static final Plan PLAN = TinyPlan.of(400, 8);
  private static final Sampling SPICY = new Sampling(1.2f, 30, 0.95f, 0.01f, 1.3f, 256, 7);
  private static final int[] PROMPT = {1, 2, 3};

  /** Runs at once what is submitted, so that it is always as far ahead as it may be. */
  private static final class Hasty implements Device {
    private final CpuDevice cpu = CpuDevice.open(PLAN, List.of(), 1);
    private final int depth;
    private long submitted;
    private long awaited;
    private long failing = Long.MAX_VALUE;
    private int recovered;

    Hasty(int depth) {
      this.depth = depth;
    }

    @Override
    public MemorySegment buffer(int index) {
      return cpu.buffer(index);
    }

    @Override
    public int depth() {
      return depth;
    }

    @Override
    public long submit(int program) {
      cpu.await(cpu.submit(program));
      submitted++;
      assertThat(submitted - awaited).as("runs under way").isLessThanOrEqualTo(depth);
      return submitted;
    }

    @Override
    public void await(long run) {
      awaited = Math.max(awaited, run);
      if (run >= failing) {
        throw new DeviceFailure("run " + run + " failed", null);
      }
    }

    @Override
    public void runEach(int program, IntConsumer ran) {
      cpu.runEach(program, ran);
    }

    @Override
    public void recover() {
      failing = Long.MAX_VALUE;
      awaited = submitted;
      recovered++;
    }

    @Override
    public List<String> notes() {
      return List.of();
    }

    @Override
    public void close() {
      cpu.close();
    }
  }

  private static Session on(Device device) {
    Session session = Session.over(PLAN, new TinyModel(), device, null);
    session.sampling(SPICY);
    return session;
  }

  private static GenerateOptions up(int tokens) {
    return GenerateOptions.defaults().withSampling(SPICY).withMaxTokens(tokens);
  }

  /** What a device of depth 1 does from there: the token that it chooses each time. */
  private static List<Integer> stepwise(Session session, int first, int count) {
    List<Integer> tokens = new ArrayList<>(List.of(first));
    for (int i = 0; i < count; i++) {
      tokens.add(session.step());
    }
    return tokens;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void itGeneratesTheSameAsOneByOne(int depth) {
    try (Session hasty = on(new Hasty(depth));
        Session plain = on(new Hasty(1))) {
      Generation ahead = hasty.generate(PROMPT, up(60), piece -> {});
      assertThat(ahead.tokens()).isEqualTo(plain.generate(PROMPT, up(60), piece -> {}).tokens());
      assertThat(hasty.position()).isEqualTo(plain.position());
    }
  }

  /** Also with a history of more than 256 tokens, which the steps ahead write over. */
  @ParameterizedTest
  @ValueSource(ints = {5, 270})
  void whatRanTooFarIsUndone(int before) {
    Hasty device = new Hasty(8);
    Hasty slow = new Hasty(1);
    try (Session hasty = on(device);
        Session plain = on(slow)) {
      int[] prompt = IntStream.range(0, before).map(i -> i * 7 % TinyPlan.VOCAB).toArray();
      int token = hasty.start(prompt);
      assertThat(plain.start(prompt)).isEqualTo(token);
      for (int i = 0; i < 3; i++) {
        token = plain.step();
        assertThat(hasty.stepAhead(100)).isEqualTo(token);
      }
      assertThat(hasty.position()).isEqualTo(plain.position());
      assertThat(history(device)).isNotEqualTo(history(slow));
      hasty.settle();
      assertThat(hasty.position()).isEqualTo(plain.position());
      assertThat(history(device).subList(0, Math.min(before + 3, StepState.HISTORY_TOKENS)))
          .isEqualTo(history(slow).subList(0, Math.min(before + 3, StepState.HISTORY_TOKENS)));
      assertThat(hasty.logits()).containsExactly(plain.logits());
      assertThat(stepwise(hasty, token, 20)).isEqualTo(stepwise(plain, token, 20));
      assertThat(hasty.logits()).containsExactly(plain.logits());
    }
  }

  private static List<Integer> history(Hasty device) {
    byte[] state = new byte[(int) StepState.BYTES];
    new StepBuffers(PLAN, device::buffer).read(MemorySegment.ofArray(state));
    IntBuffer tokens =
        ByteBuffer.wrap(state, (int) StepState.HISTORY, 4 * StepState.HISTORY_TOKENS)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asIntBuffer();
    return IntStream.range(0, StepState.HISTORY_TOKENS).map(tokens::get).boxed().toList();
  }

  @Test
  void anyOtherCallEndsIt() {
    try (Session hasty = on(new Hasty(6));
        Session plain = on(new Hasty(1))) {
      hasty.start(PROMPT);
      plain.start(PROMPT);
      hasty.stepAhead(100);
      plain.step();
      assertThat(hasty.logits()).containsExactly(plain.logits());
      hasty.stepAhead(100);
      plain.step();
      hasty.feed(9);
      plain.feed(9);
      assertThat(hasty.logits()).containsExactly(plain.logits());
      assertThat(hasty.start(PROMPT)).isEqualTo(plain.start(PROMPT));
      hasty.stepAhead(100);
      plain.step();
      hasty.sampling(Sampling.greedy());
      plain.sampling(Sampling.greedy());
      assertThat(hasty.step()).isEqualTo(plain.step());
      hasty.stepAhead(100);
      hasty.reset();
      plain.reset();
      assertThat(hasty.position()).isZero();
      assertThat(hasty.start(PROMPT)).isEqualTo(plain.start(PROMPT));
    }
  }

  /** Steps are undone, then the sampling changes, then somebody looks at the logits. */
  @Test
  void newSamplingOutlivesALookAtTheLogits() {
    try (Session hasty = on(new Hasty(6));
        Session plain = on(new Hasty(1))) {
      hasty.start(PROMPT);
      plain.start(PROMPT);
      int token = hasty.stepAhead(100);
      assertThat(plain.step()).isEqualTo(token);
      hasty.sampling(Sampling.greedy());
      plain.sampling(Sampling.greedy());
      assertThat(hasty.logits()).containsExactly(plain.logits());
      assertThat(stepwise(hasty, token, 20)).isEqualTo(stepwise(plain, token, 20));
    }
  }

  @Test
  void noStepIsSubmittedThatNobodyCouldWant() {
    Hasty device = new Hasty(8);
    try (Session session = on(device)) {
      session.generate(PROMPT, up(4), piece -> {});
      assertThat(device.submitted).as("a prefill and three steps").isEqualTo(4);
      session.reset();
      session.start(new int[TinyPlan.VOCAB]);
      long before = device.submitted;
      session.prefill(new int[400 - TinyPlan.VOCAB - 2]);
      session.start(new int[1]);
      long filled = device.submitted;
      session.stepAhead(100);
      session.settle();
      assertThat(device.submitted).as("room for one").isEqualTo(filled + 1).isGreaterThan(before);
      assertThatThrownBy(() -> session.stepAhead(100)).hasMessageContaining("do not fit");
    }
  }

  @Test
  void aFailureEndsTheGenerationAndResetMendsIt() {
    Hasty device = new Hasty(4);
    try (Session session = on(device)) {
      List<Integer> good = session.generate(PROMPT, up(20), piece -> {}).tokens();
      session.reset();
      device.failing = device.submitted + 6;
      assertThatThrownBy(() -> session.generate(PROMPT, up(20), piece -> {}))
          .isInstanceOf(ReplayException.class)
          .hasMessageContaining("failed");
      assertThatThrownBy(session::logits).hasMessageContaining("reset()");
      assertThat(device.recovered).isZero();
      session.reset();
      assertThat(device.recovered).isOne();
      assertThat(session.generate(PROMPT, up(20), piece -> {}).tokens()).isEqualTo(good);
    }
  }

  @Test
  void aListenerThatThrowsLeavesTheSessionWhole() {
    try (Session hasty = on(new Hasty(8));
        Session plain = on(new Hasty(1))) {
      int[] heard = {0};
      for (Session session : List.of(hasty, plain)) {
        heard[0] = 0;
        assertThatThrownBy(() ->
                session.generate(
                    PROMPT,
                    up(40),
                    piece -> {
                      if (++heard[0] == 5) {
                        throw new IllegalStateException("enough");
                      }
                    }))
            .hasMessage("enough");
      }
      assertThat(hasty.position()).isEqualTo(plain.position());
      assertThat(hasty.logits()).containsExactly(plain.logits());
      assertThat(hasty.step()).isEqualTo(plain.step());
    }
  }
}
