package dev.diecast.capture.passes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dispatches that the whole table leaves of the known shapes. */
class DispatchCountTest {
  private static Graph fused(String spec) {
    ModelSource source = KnownShapes.find(spec);
    Graph traced = Architectures.of(source).trace(source, WeightReader.ONES);
    Graph fused = Passes.run(traced, PassSelection.ALL).graph();
    GraphChecks.requireValid(fused);
    return fused;
  }

  /**
   * Shape, dispatches of the first layer and of the last, and of a token: these layers, embedding,
   * angles, head and two for sampling.
   */
  @ParameterizedTest
  @CsvSource({
    "glm-4.7-flash, 7, 9, 426",
    "deepseek-v2-lite, 6, 8, 219",
    "youtu-llm-2b, 7, 7, 229",
    "qwen2.5-0.5b, 6, 6, 149",
    "llama-3.2-1b, 6, 6, 101",
    "tinyllama-1.1b, 6, 6, 137",
    "qwen3-0.6b, 6, 6, 173",
    "qwen3-30b-a3b, 8, 8, 389"
  })
  void layersTakeFewDispatches(String shape, int first, int last, int token) {
    for (String type : KnownShapes.types()) {
      Graph graph = fused(shape + ":" + type);
      int layers = graph.nodes().stream().mapToInt(Node::layer).max().orElseThrow();
      assertThat(dispatches(graph, 0)).isEqualTo(first);
      assertThat(dispatches(graph, layers)).isEqualTo(last);
      assertThat(graph.nodes().stream().mapToInt(DispatchCountTest::dispatches).sum())
          .isEqualTo(token);
    }
  }

  private static int dispatches(Graph graph, int layer) {
    return graph.nodes().stream()
        .filter(node -> node.layer() == layer)
        .mapToInt(DispatchCountTest::dispatches)
        .sum();
  }

  /** What lowering makes of a node. */
  private static int dispatches(Node node) {
    return switch (node.op()) {
      case Op.Reshape _, Op.Slice _, Op.Concat _ -> 0;
      case Op.Attention _, Op.Sample _ -> 2;
      default -> 1;
    };
  }
}
