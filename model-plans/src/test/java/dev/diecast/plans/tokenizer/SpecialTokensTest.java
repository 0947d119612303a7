package dev.diecast.plans.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpecialTokensTest {
  private static TestVocabulary vocabulary(String pre) {
    return TestVocabulary.bytePair(pre)
        .token("<|im_start|>", TokenKind.CONTROL)
        .token("<|im_end|>", TokenKind.CONTROL)
        .token("<tool>", TokenKind.USER_DEFINED)
        .token("<tool>x", TokenKind.USER_DEFINED)
        .token("  ", TokenKind.USER_DEFINED);
  }

  private static List<String> tokens(Tokenizer tokenizer, String text, boolean parseSpecial) {
    return Arrays.stream(tokenizer.encode(text, false, parseSpecial))
        .mapToObj(tokenizer::text)
        .toList();
  }

  @Test
  void controlTokensAreFoundOnRequest() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary("qwen2").metadata());
    assertThat(tokens(tokenizer, "a<|im_end|>b", true)).containsExactly("a", "<|im_end|>", "b");
    assertThat(tokens(tokenizer, "a<|im_end|>b", false)).hasSize(12).doesNotContain("<|im_end|>");
  }

  @Test
  void userDefinedTokensAreAlwaysFoundTheLongestFirst() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary("qwen2").metadata());
    assertThat(tokens(tokenizer, "<tool>y<tool>x", false))
        .containsExactly("<tool>", "y", "<tool>x");
    assertThat(tokens(tokenizer, "   ", false)).containsExactly("  ", "\u0120");
  }

  @Test
  void phi3SwallowsSpaceBehindSpecialTokens() {
    TestVocabulary vocabulary =
        TestVocabulary.sentencePiece()
            .token("a", TokenKind.NORMAL)
            .token("<|end|>", TokenKind.CONTROL);
    var values = vocabulary.set("add_space_prefix", false).values();
    values.put("general.name", new MetaValue.Text("Phi-3 mini"));
    Tokenizer tokenizer = Tokenizer.of(new Metadata("f", values));
    assertThat(tokens(tokenizer, "a<|end|> \na", true)).containsExactly("a", "<|end|>", "a");
    assertThat(tokens(tokenizer, "<s>\na", true)).containsExactly("<s>", "<0x0A>", "a");
  }

  @Test
  void decodingShowsThemAndDropsBos() {
    TestVocabulary vocabulary = vocabulary("llama-bpe").set("bos_token_id", 256);
    Tokenizer tokenizer = Tokenizer.of(vocabulary.metadata());
    assertThat(tokenizer.addsBos()).as("a habit of llama-bpe").isTrue();
    int[] ids = tokenizer.encode("a<|im_end|>", true, true);
    assertThat(ids).containsExactly(256, 'a', 257);
    assertThat(tokenizer.decode(ids)).isEqualTo("a<|im_end|>");
  }

  @Test
  void knowsWhatEndsAnAnswer() {
    TestVocabulary vocabulary =
        vocabulary("qwen2")
            .token("<|endoftext|>", TokenKind.NORMAL)
            .token("<|fim_pad|>", TokenKind.USER_DEFINED)
            .token("<|user|>", TokenKind.CONTROL)
            .token("<my end>", TokenKind.CONTROL);
    vocabulary.set("eos_token_id", vocabulary.id("<|im_end|>"));
    vocabulary.set("eot_token_id", vocabulary.id("<my end>"));
    Tokenizer tokenizer = Tokenizer.of(vocabulary.metadata());
    assertThat(tokenizer.endOfGeneration().stream().map(tokenizer::text))
        .containsExactlyInAnyOrder("<|im_end|>", "<|endoftext|>", "<|fim_pad|>", "<my end>");
    assertThat(tokenizer.isControl(vocabulary.id("<|endoftext|>"))).isTrue();
    Tokenizer glm = Tokenizer.of(vocabulary.set("pre", "glm4").metadata());
    assertThat(glm.isEndOfGeneration(vocabulary.id("<|user|>"))).isTrue();
  }
}
