package dev.diecast.plans.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.gguf.Metadata;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentencePieceTest {
  private static TestVocabulary vocabulary() {
    return TestVocabulary.sentencePiece()
        .token("\u2581", TokenKind.NORMAL, -1)
        .token("a", TokenKind.NORMAL, -2)
        .token("b", TokenKind.NORMAL, -3)
        .token("ab", TokenKind.NORMAL, -4)
        .token("ba", TokenKind.NORMAL, -0.5)
        .token("\u2581a", TokenKind.NORMAL, -6)
        .token("\u2581\u2581", TokenKind.NORMAL, -7);
  }

  private static List<String> tokens(Tokenizer tokenizer, String text) {
    return Arrays.stream(tokenizer.encode(text, false, true)).mapToObj(tokenizer::text).toList();
  }

  @Test
  void theBestScoreMergesFirst() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary().metadata());
    assertThat(tokens(tokenizer, "aba")).containsExactly("\u2581a", "ba");
    assertThat(tokens(tokenizer, "ab")).containsExactly("\u2581", "ab");
    assertThat(tokens(tokenizer, "   ")).containsExactly("\u2581\u2581", "\u2581\u2581");
  }

  @Test
  void aCharacterThatIsNoTokenBecomesBytes() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary().metadata());
    assertThat(tokens(tokenizer, "a\u00E9")).containsExactly("\u2581a", "<0xC3>", "<0xA9>");
    assertThat(tokenizer.decode(tokenizer.encode("a\u00E9\n\uD83D\uDE00", true, true)))
        .isEqualTo("a\u00E9\n\uD83D\uDE00");
  }

  @Test
  void withoutBytesItIsUnknown() {
    var vocabulary = new TestVocabulary().set("model", "llama");
    vocabulary.token("<unk>", TokenKind.UNKNOWN).token("<s>", TokenKind.CONTROL);
    vocabulary.token("</s>", TokenKind.CONTROL).token("a", TokenKind.NORMAL);
    vocabulary.token("\u2581", TokenKind.NORMAL);
    assertThat(tokens(Tokenizer.of(vocabulary.metadata()), "ax"))
        .containsExactly("\u2581", "a", "<unk>");
  }

  @Test
  void theSpacePrefixComesAtTheStartAndBehindSpecialTokens() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary().metadata());
    assertThat(tokens(tokenizer, "b</s>b")).containsExactly("\u2581", "b", "</s>", "\u2581", "b");
    Tokenizer without = Tokenizer.of(vocabulary().set("add_space_prefix", false).metadata());
    assertThat(tokens(without, "b</s>b")).containsExactly("b", "</s>", "b");
    assertThat(without.decode(without.encode(" b", false, true))).isEqualTo(" b");
  }

  @Test
  void bosIsAddedUnlessTheFileSaysOtherwise() {
    assertThat(Tokenizer.of(vocabulary().metadata()).encode("", true, true)).containsExactly(1);
    Tokenizer reversed =
        Tokenizer.of(
            vocabulary().set("add_bos_token", false).set("add_eos_token", true).metadata());
    assertThat(reversed.encode("", true, true)).containsExactly(2);
    assertThat(reversed.decode(reversed.encode("ab", true, true))).isEqualTo("ab");
  }

  @Test
  void withoutTypesBytesAndSpecialTokensAreGuessed() {
    var values = vocabulary().values();
    values.remove("tokenizer.ggml.token_type");
    values.remove("tokenizer.ggml.scores");
    Tokenizer tokenizer = Tokenizer.of(new Metadata("f", values));
    assertThat(tokenizer.bytes(3 + '\n')).containsExactly((byte) '\n');
    assertThat(tokenizer.isControl(1)).isTrue();
    assertThat(tokenizer.encode("</s>", false, true)).containsExactly(2);
  }

  @Test
  void longRunsStayFast() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary().metadata());
    for (String unit : List.of("a", "ab", " ", "\u4E2D")) {
      String text = unit.repeat(200_000 / unit.length());
      long start = System.nanoTime();
      assertThat(tokenizer.decode(tokenizer.encode(text, true, true))).isEqualTo(text);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }
}
