package dev.diecast.capture.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.capture.arch.TinyModel;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InterpreterTest {
  private static final int[] TOKENS = {3, 0, 10, 7};

  static Stream<TinyModel> models() {
    return TinyModel.all().stream();
  }

  private static double[] last(Graph graph, WeightReader reader) {
    Interpreter interpreter = new Interpreter(graph, reader);
    double[] logits = {};
    for (int token : TOKENS) {
      logits = interpreter.step(token);
    }
    return logits;
  }

  @ParameterizedTest
  @MethodSource("models")
  void resetStartsAgain(TinyModel model) {
    Interpreter interpreter = new Interpreter(model.trace(), TinyModel::weights);
    double[] first = interpreter.step(4);
    double[] second = interpreter.step(4);
    assertThat(first).hasSize(TinyModel.VOCAB);
    assertThat(second).isNotEqualTo(first);
    assertThat(interpreter.position()).isEqualTo(2);
    interpreter.reset();
    assertThat(interpreter.step(4)).isEqualTo(first);
  }

  @ParameterizedTest
  @MethodSource("models")
  void observersSeeEveryNode(TinyModel model) {
    Graph graph = model.trace();
    List<Node> seen = new ArrayList<>();
    NodeObserver observer =
        (position, node, outputs) -> {
          seen.add(node);
          assertThat(position).isZero();
          assertThat(outputs).hasSameSizeAs(node.outputs());
          for (int i = 0; i < outputs.size(); i++) {
            assertThat(outputs.get(i)).hasSize((int) node.outputs().get(i).elements());
          }
        };
    new Interpreter(graph, TinyModel::weights, observer).step(1);
    assertThat(seen).isEqualTo(graph.nodes());
  }

  @Test
  void tokensMustBeOfTheVocabulary() {
    Interpreter interpreter = new Interpreter(TinyModel.llama().trace(), TinyModel::weights);
    assertThatThrownBy(() -> interpreter.step(TinyModel.VOCAB))
        .isInstanceOf(PlanException.class)
        .hasMessage("token 11 is outside the vocabulary of 11");
    assertThatThrownBy(() -> interpreter.step(-1)).isInstanceOf(PlanException.class);
  }

  @Test
  void unsplitLatentMatricesComputeTheSame() {
    double[] split = last(TinyModel.flash().trace(), TinyModel::weights);
    TinyModel old = TinyModel.flash();
    for (String p : List.of("blk.0.", "blk.1.")) {
      old.without(p + "attn_k_b.weight").without(p + "attn_v_b.weight");
      old.tensor(p + "attn_kv_b.weight", 8, 3 * (6 + 5));
    }
    // Files that old describe heads, not the cached row.
    old.unset("attention.key_length_mla").unset("attention.value_length_mla");
    old.set("attention.key_length", 10).set("attention.value_length", 5);
    assertThat(last(old.trace(), InterpreterTest::unsplit)).containsExactly(split, within(1e-12));
  }

  /** Builds rows of attn_kv_b from those of attn_k_b, turned, and attn_v_b. */
  private static void unsplit(TensorInfo tensor, long row, double[] into) {
    if (!tensor.name().endsWith("attn_kv_b.weight")) {
      TinyModel.weights(tensor, row, into);
      return;
    }
    long head = row / 11;
    int inHead = (int) (row % 11);
    if (inHead >= 6) {
      TinyModel.weights(renamed(tensor, "attn_v_b", 8, 5), head * 5 + inHead - 6, into);
      return;
    }
    double[] keyRow = new double[6];
    for (int i = 0; i < 8; i++) {
      TinyModel.weights(renamed(tensor, "attn_k_b", 6, 8), head * 8 + i, keyRow);
      into[i] = keyRow[inHead];
    }
  }

  @Test
  void fusedGateAndUpComputeTheSame() {
    double[] apart = last(TinyModel.qwen3moe().trace(), TinyModel::weights);
    TinyModel fused = TinyModel.qwen3moe();
    for (String p : List.of("blk.0.", "blk.1.")) {
      fused.without(p + "ffn_gate_exps.weight").without(p + "ffn_up_exps.weight");
      fused.tensor(p + "ffn_gate_up_exps.weight", TinyModel.WIDTH, 14, 5);
    }
    assertThat(last(fused.trace(), InterpreterTest::fused)).containsExactly(apart, within(1e-12));
  }

  private static void fused(TensorInfo tensor, long row, double[] into) {
    if (!tensor.name().endsWith("ffn_gate_up_exps.weight")) {
      TinyModel.weights(tensor, row, into);
      return;
    }
    long expert = row / 14;
    long inExpert = row % 14;
    String part = inExpert < 7 ? "ffn_gate_exps" : "ffn_up_exps";
    TinyModel.weights(renamed(tensor, part, TinyModel.WIDTH, 7), expert * 7 + inExpert % 7, into);
  }

  private static TensorInfo renamed(TensorInfo tensor, String to, long width, long rows) {
    String layer = tensor.name().substring(0, "blk.0.".length());
    return new TensorInfo(layer + to + ".weight", TensorType.F32, List.of(width, rows), 0, 0, 0);
  }

  @Test
  void layersThatPredictFurtherTokensAreDropped() {
    double[] without = last(TinyModel.youtu().trace(), TinyModel::weights);
    TinyModel with = TinyModel.youtu().set("block_count", 3).set("nextn_predict_layers", 1);
    with.tensor("blk.2.nextn.eh_proj.weight", 24, 12).tensor("blk.2.attn_norm.weight", 12);
    Graph graph = with.trace();
    assertThat(graph.caches()).hasSize(2);
    assertThat(last(graph, TinyModel::weights)).isEqualTo(without);
  }

  @Test
  void modelsWithoutOutputUseTheEmbedding() {
    Graph graph = TinyModel.llama().without("output.weight").trace();
    WeightReader tied = TinyModel::weights;
    WeightReader untied =
        (tensor, row, into) ->
            TinyModel.weights(
                tensor.name().equals("output.weight")
                    ? new TensorInfo("token_embd.weight", tensor.type(), tensor.shape(), 0, 0, 0)
                    : tensor,
                row,
                into);
    assertThat(last(graph, tied)).isEqualTo(last(TinyModel.llama().trace(), untied));
  }
}
