package dev.diecast.capture.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.PlanException;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RopeTest {
  private static final Offset<Double> CLOSE = within(1e-15);

  private static TinyModel eightColumns() {
    TinyModel model = TinyModel.llama().set("attention.key_length", 8);
    model.set("rope.dimension_count", 8);
    for (int layer = 0; layer < 2; layer++) {
      model.tensor("blk." + layer + ".attn_q.weight", 12, 32);
      model.tensor("blk." + layer + ".attn_k.weight", 12, 16);
    }
    return model;
  }

  private static Op.RopeAngles angles(Graph graph) {
    List<Op.RopeAngles> all =
        graph.nodes().stream()
            .map(node -> node.op())
            .filter(Op.RopeAngles.class::isInstance)
            .map(Op.RopeAngles.class::cast)
            .toList();
    assertThat(all).as("one node however many layers").hasSize(1);
    return all.getFirst();
  }

  private static void assertAngles(Op.RopeAngles angles, double magnitude, double... inverse) {
    assertThat(angles.magnitude()).isCloseTo(magnitude, CLOSE);
    assertThat(angles.inverseFrequencies().stream().mapToDouble(d -> d).toArray())
        .containsExactly(inverse, CLOSE);
  }

  @Test
  void plain() {
    assertAngles(angles(eightColumns().trace()), 1, 1, 0.1, 0.01, 0.001);
  }

  @Test
  void fewerColumnsThanTheHeadHas() {
    assertAngles(angles(eightColumns().set("rope.dimension_count", 4).trace()), 1, 1, 0.01);
  }

  @Test
  void aFactorWithoutTypeDividesPositions() {
    TinyModel model = eightColumns().set("rope.scaling.factor", 4.0);
    assertAngles(angles(model.trace()), 1, 0.25, 0.025, 0.0025, 0.00025);
    model.set("rope.scaling.type", "none");
    assertAngles(angles(model.trace()), 1, 1, 0.1, 0.01, 0.001);
  }

  @Test
  void yarnRampsFromKeptToDivided() {
    TinyModel model =
        eightColumns()
            .set("rope.scaling.type", "yarn")
            .set("rope.scaling.factor", 4.0)
            .set("rope.scaling.original_context_length", 1024);
    assertAngles(angles(model.trace()), 1.138629436111989, 1.0, 0.075, 0.005, 0.00025);
    model.set("rope.scaling.attn_factor", 2.0);
    assertThat(angles(model.trace()).magnitude()).isCloseTo(2 * 1.138629436111989, CLOSE);
  }

  @Test
  void yarnOfDeepseekMovesItsMagnitudeIntoTheScores() {
    TinyModel model = TinyModel.lite().set("rope.scaling.yarn_log_multiplier", 0.0707);
    Graph graph = model.trace();
    assertThat(angles(graph).magnitude()).isCloseTo(1, CLOSE);
    double m = 1 + 0.0707 * Math.log(40);
    assertThat(scale(graph)).isCloseTo(m * m / Math.sqrt(10), CLOSE);

    graph = model.unset("rope.scaling.yarn_log_multiplier").trace();
    double af = 1 + 0.1 * Math.log(40);
    assertThat(angles(graph).magnitude()).isCloseTo(af, CLOSE);
    assertThat(scale(graph)).isCloseTo(af * af / Math.sqrt(10), CLOSE);
  }

  private static double scale(Graph graph) {
    return graph.nodes().stream()
        .map(node -> node.op())
        .filter(Op.Attention.class::isInstance)
        .map(Op.Attention.class::cast)
        .findFirst()
        .orElseThrow()
        .scale();
  }

  @Test
  void factorsOfTheFileDivideFrequencies() {
    TinyModel model = eightColumns().tensor("rope_freqs.weight", 4);
    WeightReader doubling =
        (tensor, row, into) -> {
          assertThat(tensor.name()).isEqualTo("rope_freqs.weight");
          System.arraycopy(new double[] {1, 2, 4, 8}, 0, into, 0, 4);
        };
    Graph graph = Architectures.of(model).trace(model, doubling);
    assertAngles(angles(graph), 1, 1, 0.05, 0.0025, 0.000125);
    assertAngles(angles(model.trace()), 1, 1, 0.1, 0.01, 0.001);
  }

  @Test
  void factorsMustBePositive() {
    TinyModel model = eightColumns().tensor("rope_freqs.weight", 4);
    assertThatThrownBy(
            () -> Architectures.of(model).trace(model, (tensor, row, into) -> into[2] = Double.NaN))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "tiny.llama: tensor rope_freqs.weight has 0.0 at 0, expected a finite number above 0");
  }

  @Test
  void frequenciesMustBeFinite() {
    assertThatThrownBy(() -> eightColumns().set("rope.scaling.factor", Double.MIN_VALUE).trace())
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("the metadata of rope is out of range");
  }
}
