package dev.diecast.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DispatchObserverTest {
  private static final Plan PLAN = TinyPlan.of(40, 8);

  private static Session session(DispatchObserver observer) {
    SessionOptions options = SessionOptions.defaults().withThreads(2);
    return Session.open(PLAN, new TinyModel(), List.of(), options, observer);
  }

  private static Session unobserved() {
    return Session.open(PLAN, new TinyModel(), List.of(), SessionOptions.defaults().withThreads(2));
  }

  @Test
  void itSeesEveryDispatchInOrder() {
    List<Integer> seen = new ArrayList<>();
    try (Session session =
        session((program, dispatch, written) -> {
          assertThat(program).isZero();
          assertThat(written).hasSize(writes(PLAN.programs().getFirst(), dispatch));
          assertThat(written).allMatch(MemorySegment::isReadOnly);
          seen.add(dispatch);
        })) {
      session.feed(1);
    }
    int dispatches = PLAN.programs().getFirst().dispatches().size();
    assertThat(seen).isEqualTo(IntStream.range(0, dispatches).boxed().toList());
  }

  private static int writes(Program program, int dispatch) {
    return (int)
        program.dispatches().get(dispatch).bindings().stream()
            .filter(binding -> binding.access().writes())
            .count();
  }

  @Test
  void itSeesWhatADispatchWrote() {
    List<float[]> norms = new ArrayList<>();
    try (Session session =
        session((program, dispatch, written) -> {
          String kernel = kernel(program, dispatch);
          if (kernel.equals("rms_norm")) {
            norms.add(written.getFirst().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
          }
        })) {
      session.feed(1);
      assertThat(norms).hasSize(1);
      assertThat(session.logits()).containsExactly(norms.getFirst());
    }
  }

  private static String kernel(int program, int dispatch) {
    int index = PLAN.programs().get(program).dispatches().get(dispatch).kernel();
    return PLAN.kernels().get(index).name();
  }

  @Test
  void lookingChangesNothing() {
    int[] prompt = IntStream.range(0, 19).toArray();
    try (Session watched = session((_, _, _) -> {});
        Session plain = unobserved()) {
      assertThat(watched.start(prompt)).isEqualTo(plain.start(prompt));
      assertThat(watched.step()).isEqualTo(plain.step());
      assertThat(watched.logits()).containsExactly(plain.logits());
    }
  }

  @Test
  void whatItThrowsEndsTheStep() {
    try (Session session =
        session((_, _, _) -> {
          throw new IllegalArgumentException("seen enough");
        })) {
      assertThatThrownBy(() -> session.feed(1)).hasMessage("seen enough");
      assertThatThrownBy(session::logits).hasMessageContaining("reset()");
    }
  }
}
