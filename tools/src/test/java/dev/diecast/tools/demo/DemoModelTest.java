package dev.diecast.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DemoModelTest {
  private static final long MOST_BYTES = 5_000_000;

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0"})
  void aFileHasTheFamilyTheTemplateAndItsTokens(DemoModel.Type type) throws IOException {
    try (DemoModel model = DemoModel.unpack(type);
        GgufFile file = GgufFile.open(model.path())) {
      assertThat(file.metadata().text("general.architecture")).isEqualTo("deepseek2");
      assertThat(file.metadata().text("tokenizer.chat_template"))
          .startsWith("[gMASK]<sop>")
          .endsWith("<|assistant|>\n{%- endif -%}");
      Tokenizer tokenizer = Tokenizer.of(file.metadata());
      // Two tokens to start with, the two turns with a line end each, and a token for each digit.
      assertThat(tokenizer.encode(ChatPrompt.of("12"), true, true)).hasSize(2 + 4 + 2);
    }
  }

  @Test
  void bothFilesTogetherAreSmall() throws IOException {
    long bytes = 0;
    for (DemoModel.Type type : new DemoModel.Type[] {DemoModel.Type.Q8_0, DemoModel.Type.Q4_0}) {
      try (DemoModel model = DemoModel.unpack(type)) {
        bytes += Files.size(model.path());
      }
    }
    assertThat(bytes).isBetween(1L, MOST_BYTES);
  }

  @Test
  void theTemporaryFileGoes() throws IOException {
    Path path;
    try (DemoModel model = DemoModel.unpack(DemoModel.Type.Q4_0)) {
      path = model.path();
      assertThat(path).exists();
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void theTypeThatDoesNotShipSaysHowToGetIt() {
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> DemoModel.unpack(DemoModel.Type.F16))
        .withMessageContaining("demo.f16.gguf")
        .withMessageContaining("tools/demo-model/README.md");
  }
}
