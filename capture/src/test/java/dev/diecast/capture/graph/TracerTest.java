package dev.diecast.capture.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.arch.TinyModel;
import dev.diecast.plans.PlanException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TracerTest {
  static Stream<TinyModel> models() {
    return TinyModel.all().stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void operandsAreComputedBeforeTheyAreRead(TinyModel model) {
    Set<Value> known = new HashSet<>();
    int lastId = -1;
    for (Node node : model.trace().nodes()) {
      assertThat(known).as(node.label()).containsAll(node.inputs());
      for (Value value : node.outputs()) {
        assertThat(value.id()).isEqualTo(lastId + 1);
        lastId = value.id();
        known.add(value);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aStepEndsInSamplingItsLogits(TinyModel model) {
    Graph graph = model.trace();
    Node end = graph.nodes().getLast();
    assertThat(end.op()).isInstanceOf(Op.Sample.class);
    assertThat(end.inputs()).containsExactly(graph.logits());
    assertThat(graph.logits().width()).isEqualTo(TinyModel.VOCAB);
  }

  @Test
  void aLayerReadsLikeItsPaper() {
    List<String> labels =
        TinyModel.qwen3().trace().nodes().stream()
            .filter(node -> node.layer() == 1)
            .map(Node::label)
            .toList();
    assertThat(labels)
        .containsExactly(
            "blk.1.attn_norm",
            "blk.1.attn_q",
            "blk.1.q_heads",
            "blk.1.attn_q_norm",
            "blk.1.attn_k",
            "blk.1.k_heads",
            "blk.1.attn_k_norm",
            "blk.1.attn_v",
            "blk.1.v_heads",
            "blk.1.q_rope",
            "blk.1.k_rope",
            "blk.1.k_write",
            "blk.1.v_write",
            "blk.1.attention",
            "blk.1.attention_flat",
            "blk.1.attn_output",
            "blk.1.attn_residual",
            "blk.1.ffn_norm",
            "blk.1.ffn_gate",
            "blk.1.ffn_silu",
            "blk.1.ffn_up",
            "blk.1.ffn_gated",
            "blk.1.ffn_down",
            "blk.1.ffn_residual");
  }

  @Test
  void cachesAreInLayerOrder() {
    assertThat(TinyModel.llama().trace().caches())
        .containsExactly(
            new CacheRef("blk.0.k", 0, 12),
            new CacheRef("blk.0.v", 0, 12),
            new CacheRef("blk.1.k", 1, 12),
            new CacheRef("blk.1.v", 1, 12));
    assertThat(TinyModel.lite().trace().caches())
        .containsExactly(new CacheRef("blk.0.kv", 0, 12), new CacheRef("blk.1.kv", 1, 12));
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    Tracer t = new Tracer(TinyModel.llama());
    Value x = t.embed("token_embd", TinyModel.WIDTH, TinyModel.VOCAB);
    t.enterLayer(0);
    Value half = t.slice(x, 0, 6, "half");
    assertThatThrownBy(() -> t.add(x, half, "sum"))
        .isInstanceOf(PlanException.class)
        .hasMessage("tiny.llama: blk.0.sum has operands 1 x 12 and 1 x 6");
    assertThatThrownBy(() -> t.reshape(x, 5, 2, "heads"))
        .hasMessage("tiny.llama: blk.0.heads cannot shape 1 x 12 as 5 x 2");
    assertThatThrownBy(() -> t.slice(x, 6, 13, "rest"))
        .hasMessage("tiny.llama: blk.0.rest cannot take columns 6 to 13 of 12");
    Value angles = t.ropeAngles(List.of(1.0, 0.5, 0.25, 0.125), 1);
    assertThatThrownBy(() -> t.rope(half, angles, false, "q_rope"))
        .hasMessage("tiny.llama: blk.0.q_rope cannot rotate 8 of 6 columns");
    assertThatThrownBy(() -> t.linear(half, "attn_q", 24))
        .hasMessage("tiny.llama: blk.0.attn_q.weight is [12, 24], expected [6, 24]");
    t.kvWrite(x, "k");
    assertThatThrownBy(() -> t.kvWrite(x, "k")).hasMessageContaining("blk.0.k is written twice");
  }

  @Test
  void equalAnglesAreRecordedOnce() {
    Tracer t = new Tracer(TinyModel.llama());
    Value angles = t.ropeAngles(List.of(1.0, 0.5), 1);
    assertThat(t.ropeAngles(List.of(1.0, 0.5), 1)).isEqualTo(angles);
    assertThat(t.ropeAngles(List.of(1.0, 0.5), 2)).isNotEqualTo(angles);
  }
}
