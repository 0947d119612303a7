package dev.diecast.tools.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Dispatch.Access;
import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundTensorsTest {
  private static final Plan PLAN = TestPlans.small();
  private static final PlanTensor EXPERTS =
      PLAN.tensors().stream()
          .filter(tensor -> tensor.name().equals("blk.0.ffn_up_exps.weight"))
          .findFirst()
          .orElseThrow();

  private final BoundTensors tensors = new BoundTensors(PLAN);

  private static Binding binding(int buffer, long offset, long bytes) {
    return new Binding(0, buffer, offset, bytes, Access.READ, null);
  }

  @Test
  void aWholeTensorHasItsNameAndShape() {
    Binding whole = binding(EXPERTS.buffer(), EXPERTS.offset(), EXPERTS.bytes());
    assertThat(tensors.at(whole)).map(BoundTensors.Part::name).contains(EXPERTS.name());
    assertThat(tensors.at(whole)).map(BoundTensors.Part::shape).contains(EXPERTS.shape());
  }

  @Test
  void aPartSaysWhereItBeginsAndHowManyRowsItSpans() {
    long row = EXPERTS.type().rowBytes(EXPERTS.shape().getFirst());
    Binding part = binding(EXPERTS.buffer(), EXPERTS.offset() + 3 * row, 5 * row);
    assertThat(tensors.name(part)).isEqualTo(EXPERTS.name() + "+" + 3 * row);
    assertThat(tensors.at(part))
        .map(BoundTensors.Part::shape)
        .contains(List.of(EXPERTS.shape().getFirst(), 5L));
  }

  @Test
  void otherBuffersHoldNone() {
    assertThat(tensors.at(binding(PLAN.buffers().size() - 1, 0, 4))).isEmpty();
    assertThat(tensors.name(binding(-1, 0, 4))).isEmpty();
  }
}
