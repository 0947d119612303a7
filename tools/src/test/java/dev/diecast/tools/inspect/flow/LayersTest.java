package dev.diecast.tools.inspect.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.tools.inspect.TestPlans;
import org.junit.jupiter.api.Test;

class LayersTest {
  @Test
  void theTypicalLayerIsTheFirstOfTheMostCommonKind() {
    // Layer 0 is dense, 1 to 46 have experts.
    var program = TestPlans.shape("glm-4.7-flash:q4_0").programs().getFirst();
    assertThat(new Layers(program).typical()).isEqualTo(1);
  }

  @Test
  void aLayerThatIsNotThereIsRefused() {
    Layers layers = new Layers(TestPlans.small().programs().getFirst());
    assertThatThrownBy(() -> layers.dispatches(9))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("no dispatch in layer 9; its layers are 0 to");
  }
}
