package dev.diecast.plans;

import static dev.diecast.plans.defects.PlanEdits.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.Program.ArenaValue;
import dev.diecast.plans.defects.PlanEdits;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanVerifierTest {
  @Test
  void findsNothingInASoundPlan() {
    assertThat(PlanVerifier.verify(SmallPlan.build())).isEmpty();
    assertThatCode(() -> PlanVerifier.check(SmallPlan.build())).doesNotThrowAnyException();
  }

  @Test
  void throwsTheFirstFindingAndCountsTheOthers() {
    Plan plan =
        PlanEdits.device("abacus").andThen(model(m -> withoutWidth(m))).apply(SmallPlan.build());

    assertThatThrownBy(() -> PlanVerifier.check("plan.bin", plan))
        .isInstanceOf(PlanException.class)
        .hasMessage("plan.bin: model: embedding of 0 is not in 1 to 2147483647 (and 1 more)");
  }

  /** A value may end where another, in the very same bytes, begins: an operation in place. */
  @Test
  void letsAValueReplaceAnotherInPlace() {
    UnaryOperator<Plan> renamedBySum =
        PlanEdits.decode(p ->
            new Program(
                p.name(),
                p.tokens(),
                p.dispatches(),
                p.arenaLowerBoundBytes(),
                p.arenaNaiveBytes(),
                Stream.concat(
                        p.arenaValues().stream()
                            .map(v -> v.label().equals("x") ? life(v, 0, 9) : v),
                        Stream.of(new ArenaValue("x1", 0, 128, 9, 14)))
                    .toList()));

    assertThat(PlanVerifier.verify(renamedBySum.apply(SmallPlan.build()))).isEmpty();
  }

  private static ModelRef withoutWidth(ModelRef m) {
    return new ModelRef(
        m.architecture(),
        m.name(),
        m.fingerprint(),
        m.vocab(),
        m.layers(),
        0,
        m.context(),
        m.weightType(),
        m.fileBytes());
  }

  private static ArenaValue life(ArenaValue v, int first, int last) {
    return new ArenaValue(v.label(), v.offset(), v.bytes(), first, last);
  }
}
