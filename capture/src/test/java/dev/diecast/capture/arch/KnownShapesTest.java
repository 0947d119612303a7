package dev.diecast.capture.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every known shape in every type traces without its weights. */
class KnownShapesTest {
  static Stream<String> specs() {
    return KnownShapes.names().stream()
        .flatMap(name -> KnownShapes.types().stream().map(type -> name + ":" + type));
  }

  private static Graph trace(ModelSource model) {
    return Architectures.of(model).trace(model, WeightReader.ONES);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void traces(String spec) {
    ModelSource model = KnownShapes.find(spec);
    Graph graph = trace(model);
    String blocks = model.metadata().text("general.architecture") + ".block_count";
    long layers = model.metadata().integer(blocks);
    assertThat(graph.caches().stream().map(cache -> cache.layer()).distinct())
        .hasSize((int) layers);
    assertThat(graph.logits().width()).isEqualTo((int) vocab(model));
  }

  private static long vocab(ModelSource model) {
    return model.tensor("token_embd.weight").orElseThrow().dim(1);
  }

  @Test
  void glmFlashChoosesFourOfSixtyFourBySigmoid() {
    Op.Route route =
        trace(KnownShapes.find("glm-4.7-flash:q4_0")).nodes().stream()
            .map(node -> node.op())
            .filter(Op.Route.class::isInstance)
            .map(Op.Route.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(route.used()).isEqualTo(4);
    assertThat(route.gating()).isEqualTo(Op.Gating.SIGMOID);
    assertThat(route.normalise()).isTrue();
    assertThat(route.scale()).isBetween(1.799, 1.801);
    assertThat(route.bias()).hasSize(1);
  }
}
