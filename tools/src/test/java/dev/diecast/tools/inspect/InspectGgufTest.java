package dev.diecast.tools.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectGgufTest {
  private static String text;
  private static JsonNode json;

  @BeforeAll
  static void inspect() throws IOException {
    StringBuilder readable = new StringBuilder();
    InspectGguf.text(new Table(), readable);
    text = readable.toString();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    InspectGguf.json(new Table(), bytes);
    json = JsonMapper.shared().readTree(bytes.toByteArray());
  }

  @Test
  void showsMetadataWithLongArraysShortened() {
    assertThat(text)
        .startsWith("model.gguf: 2 files, 10.00 KiB\nfingerprint abc\n")
        .containsPattern("llama.block_count +uint32 +22\n")
        .containsPattern("llama.rope.freq_base +float32 +10000.0\n")
        .containsPattern("big +uint64 +18446744073709551615\n")
        .containsPattern("tokens +array of string +\\[\"<s>\"(, \"<s>\"){7}, ... 32000 values]\n");
  }

  /** A file cannot drive the terminal. */
  @Test
  void showsControlCharactersAsText() {
    assertThat(text).contains("\"\\u{1b}[2J red\\n\"").doesNotContain("\u001b");
  }

  @Test
  void listsTensorsAndTotalsByType() {
    assertThat(text)
        .containsPattern("a.weight +q4_0 +\\[64, 2] +0 +128 +72\n")
        .containsPattern("q4_0 +2 +144 +\\(144 bytes\\)\n")
        .containsPattern("all +3 +272 +\\(272 bytes\\)\n");
  }

  @Test
  void jsonHoldsTheSame() {
    assertThat(json.get("totals").get("bytes").asLong()).isEqualTo(272);
    assertThat(json.get("totals").get("types").get("q4_0").get("tensors").asInt()).isEqualTo(2);
    assertThat(json.get("tensors")).hasSize(3);
    JsonNode metadata = json.get("metadata");
    assertThat(metadata.get("llama.block_count").get("value").asInt()).isEqualTo(22);
    assertThat(metadata.get("tokens").get("count").asInt()).isEqualTo(32_000);
    assertThat(metadata.get("tokens").get("first")).hasSize(8);
    assertThat(metadata.get("big").get("value").asString()).isEqualTo("18446744073709551615");
  }

  private record Table() implements ModelSource {
    @Override
    public Metadata metadata() {
      Map<String, MetaValue> values = new LinkedHashMap<>();
      values.put("llama.block_count", new MetaValue.Int(MetaValue.Type.UINT32, 22));
      values.put("llama.rope.freq_base", new MetaValue.Real(MetaValue.Type.FLOAT32, 10000));
      values.put("big", new MetaValue.Int(MetaValue.Type.UINT64, -1));
      values.put("tokens", new MetaValue.Texts(Collections.nCopies(32_000, "<s>")));
      values.put("name", new MetaValue.Text("\u001b[2J red\n"));
      return new Metadata(location(), values);
    }

    @Override
    public List<TensorInfo> tensors() {
      return List.of(
          new TensorInfo("a.weight", TensorType.Q4_0, List.of(64L, 2L), 0, 128, 72),
          new TensorInfo("b.weight", TensorType.Q4_0, List.of(64L, 2L), 0, 224, 72),
          new TensorInfo("norm.weight", TensorType.F32, List.of(32L), 1, 64, 128));
    }

    @Override
    public Optional<TensorInfo> tensor(String name) {
      return tensors().stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }

    @Override
    public String fingerprint() {
      return "abc";
    }

    @Override
    public List<Long> fileBytes() {
      return List.of(8192L, 2048L);
    }

    @Override
    public String location() {
      return "model.gguf";
    }
  }
}
