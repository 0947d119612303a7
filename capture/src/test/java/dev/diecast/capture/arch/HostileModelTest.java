package dev.diecast.capture.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that do not hold: each gets one error that says where. */
class HostileModelTest {
  private static final List<MetaValue> BAD_VALUES =
      List.of(
          integer(-1),
          integer(0),
          integer(1),
          integer(3),
          integer(7),
          integer(Integer.MAX_VALUE),
          integer(Integer.MIN_VALUE),
          integer(1L << 32),
          integer(Long.MAX_VALUE),
          integer(Long.MIN_VALUE),
          real(Double.NaN),
          real(Double.POSITIVE_INFINITY),
          real(-0.0),
          real(-1e300),
          real(1e300),
          real(Double.MIN_VALUE),
          new MetaValue.Bool(true),
          new MetaValue.Text("yarn"),
          new MetaValue.Text("longrope"),
          new MetaValue.Ints(MetaValue.Type.INT32, new long[0]),
          new MetaValue.Ints(MetaValue.Type.INT32, new long[] {1, 2}),
          new MetaValue.Nested(List.of()));

  private static MetaValue integer(long value) {
    return new MetaValue.Int(MetaValue.Type.INT64, value);
  }

  private static MetaValue real(double value) {
    return new MetaValue.Real(MetaValue.Type.FLOAT64, value);
  }

  static Stream<TinyModel> models() {
    return TinyModel.all().stream();
  }

  static Stream<String> keys() {
    return Stream.concat(
            models().flatMap(m -> m.metadata().entries().keySet().stream()),
            models()
                .map(m -> m.metadata().text("general.architecture"))
                .flatMap(a ->
                    Stream.of(
                        a + ".attention.scale",
                        a + ".nextn_predict_layers",
                        a + ".rope.scaling.type",
                        a + ".rope.scaling.factor",
                        a + ".rope.scaling.attn_factor",
                        a + ".expert_group_count",
                        a + ".expert_group_used_count",
                        a + ".attention.temperature_scale")))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKeyTakesAnyValueWithoutCrashing(String key) {
    for (MetaValue bad : BAD_VALUES) {
      for (TinyModel model : TinyModel.all()) {
        model.replace(key, bad);
        try {
          assertThat(model.trace().nodes()).isNotEmpty();
        } catch (PlanException e) {
          assertThat(e.getMessage()).startsWith("tiny.");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void eachTensorIsNeeded(TinyModel intact) {
    List<String> needless = new ArrayList<>();
    for (TensorInfo tensor : intact.tensors()) {
      intact.without(tensor.name());
      try {
        intact.trace();
        needless.add(tensor.name());
      } catch (PlanException e) {
        assertThat(e.getMessage()).contains("needs tensor " + tensor.name() + ", which is missing");
      }
      intact.tensor(tensor.name(), shape(tensor));
    }
    assertThat(needless).isSubsetOf("output.weight", "blk.1.exp_probs_b.bias");
  }

  @ParameterizedTest
  @MethodSource("models")
  void eachShapeIsChecked(TinyModel intact) {
    for (TensorInfo tensor : intact.tensors()) {
      for (int dim = 0; dim < tensor.shape().size(); dim++) {
        if (tensor.name().equals("token_embd.weight") && dim == 1) {
          continue; // Its height is the vocabulary, and may be any.
        }
        long[] wrong = shape(tensor);
        wrong[dim] += 1;
        intact.tensor(tensor.name(), wrong);
        assertThatExceptionOfType(PlanException.class)
            .isThrownBy(intact::trace)
            .withMessageContaining(tensor.name() + " is [")
            .withMessageContaining(", expected [");
      }
      intact.tensor(tensor.name(), shape(tensor));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyTypeMustRun(TinyModel intact) {
    for (TensorInfo tensor : intact.tensors()) {
      intact.tensor(tensor.name(), TensorType.I32, shape(tensor));
      assertThatExceptionOfType(PlanException.class)
          .isThrownBy(intact::trace)
          .withMessageContaining("tensor " + tensor.name() + " is I32, ");
      intact.tensor(tensor.name(), shape(tensor));
    }
  }

  private static long[] shape(TensorInfo tensor) {
    return tensor.shape().stream().mapToLong(Long::longValue).toArray();
  }

  @Test
  void errorsSayWhatWasFoundAndExpected() {
    assertThatThrownBy(() -> TinyModel.llama().tensor("blk.1.attn_q.weight", 13, 24).trace())
        .isInstanceOf(PlanException.class)
        .hasMessage("tiny.llama: blk.1.attn_q.weight is [13, 24], expected [12, 24]");
    assertThatThrownBy(() -> TinyModel.llama().without("blk.1.attn_q.weight").trace())
        .hasMessage("tiny.llama: blk.1.attn_q needs tensor blk.1.attn_q.weight, which is missing");
    assertThatThrownBy(() ->
            TinyModel.llama().tensor("blk.1.attn_q.weight", TensorType.IQ2_XS, 12, 24).trace())
        .hasMessage(
            "tiny.llama: tensor blk.1.attn_q.weight is IQ2_XS, which Diecast cannot run yet");
    assertThatThrownBy(
            () -> TinyModel.llama().tensor("blk.1.attn_q.weight", TensorType.Q4_0, 12, 24).trace())
        .hasMessageContaining("rows of 12 values, which is not a whole number of Q4_0 blocks");
  }

  @Test
  void tensorsWithoutUseAreRefused() {
    assertThatThrownBy(() -> TinyModel.qwen3().tensor("blk.0.attn_sinks.weight", 4).trace())
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "tiny.qwen3: this architecture has no use for 1 of its tensors, the first is"
                + " blk.0.attn_sinks.weight");
  }

  @Test
  void unknownArchitecturesAreNamedBesideTheKnown() {
    TinyModel model =
        TinyModel.llama().replace("general.architecture", new MetaValue.Text("mamba"));
    assertThatThrownBy(() -> Architectures.of(model))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "tiny.llama: architecture 'mamba' is not known; known are llama, qwen2, qwen3,"
                + " qwen3moe, deepseek2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attention.head_count_kv | 3 | 3, which does not divide the 4 heads",
        "rope.dimension_count | 5 | 5, expected an even number up to the head length 6",
        "rope.dimension_count | 8 | 8, expected 0 to 6",
        "block_count | 0 | 0, expected 1 to 4096",
        "block_count | 9000000000 | 9000000000, expected 1 to 4096",
        "nextn_predict_layers | 2 | 2, which leaves no layer to run",
        "attention.key_length | 0 | 0, expected 1 to 65536",
        "embedding_length | -5 | -5, expected 1 to 1048576",
      })
  void countsAreBounded(String key, long value, String finding) {
    assertThatThrownBy(() -> TinyModel.llama().set(key, value).trace())
        .isInstanceOf(PlanException.class)
        .hasMessage("tiny.llama: metadata 'llama." + key + "' is " + finding);
  }

  @Test
  void headsMustDivideTheWidthThatTheyShare() {
    TinyModel model =
        TinyModel.llama().unset("attention.key_length").set("attention.head_count", 8);
    assertThatThrownBy(model::trace)
        .hasMessage(
            "tiny.llama: metadata 'llama.embedding_length' is 12, which 8 heads do not divide");
  }

  @Test
  void missingKeysAreNamed() {
    assertThatThrownBy(() -> TinyModel.flash().unset("attention.kv_lora_rank").trace())
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("'deepseek2.attention.kv_lora_rank' is missing");
  }

  @Test
  void whatIsNotBuiltYetIsRefused() {
    assertThatThrownBy(() -> TinyModel.llama().set("rope.scaling.type", "longrope").trace())
        .hasMessageContaining("'longrope', expected none, linear or yarn");
    assertThatThrownBy(() ->
            TinyModel.flash()
                .set("expert_group_count", 4)
                .set("expert_group_used_count", 2)
                .trace())
        .hasMessageContaining("2 of 4 groups, which Diecast cannot run yet");
    assertThatThrownBy(() -> TinyModel.flash().set("expert_gating_func", 3).trace())
        .hasMessageContaining("3, expected 1 (softmax) or 2 (sigmoid)");
  }
}
