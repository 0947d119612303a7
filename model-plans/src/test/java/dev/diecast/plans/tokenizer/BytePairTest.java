package dev.diecast.plans.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BytePairTest {
  private static TestVocabulary vocabulary(String pre) {
    return TestVocabulary.bytePair(pre)
        .merge("l", "o")
        .merge("lo", "w")
        .merge("e", "r")
        .merge("\u0120", "low")
        .merge("o", "w")
        .merge("w", "er");
  }

  private static List<String> tokens(Tokenizer tokenizer, String text) {
    return Arrays.stream(tokenizer.encode(text, false, true)).mapToObj(tokenizer::text).toList();
  }

  @Test
  void mergesByRankNotByPlace() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary("gpt-2").metadata());
    assertThat(tokens(tokenizer, "lower")).containsExactly("low", "er");
    assertThat(tokens(tokenizer, "wer ower")).containsExactly("wer", "\u0120", "ow", "er");
    assertThat(tokens(tokenizer, " low slow")).containsExactly("\u0120low", "\u0120", "s", "low");
  }

  @Test
  void equalRanksMergeFromTheLeft() {
    Tokenizer tokenizer = Tokenizer.of(TestVocabulary.bytePair("gpt-2").merge("a", "a").metadata());
    assertThat(tokens(tokenizer, "aaaaa")).containsExactly("aa", "aa", "a");
  }

  @Test
  void theFirstOfTwoEqualMergesCounts() {
    var metadata = vocabulary("gpt-2").rawMerge("l o").metadata();
    assertThat(tokens(Tokenizer.of(metadata), "lo")).containsExactly("lo");
  }

  @Test
  void llama3TakesAWordThatIsATokenWhole() {
    TestVocabulary vocabulary = vocabulary("llama-bpe").token("wer", TokenKind.NORMAL);
    vocabulary.token("zzz", TokenKind.NORMAL);
    assertThat(tokens(Tokenizer.of(vocabulary.metadata()), "zzz")).containsExactly("zzz");
    assertThat(tokens(Tokenizer.of(vocabulary.set("pre", "qwen2").metadata()), "zzz"))
        .containsExactly("z", "z", "z");
  }

  @Test
  void aMergeThatIsNoTokenFallsBackToBytes() {
    TestVocabulary vocabulary =
        TestVocabulary.bytePair("gpt-2").rawMerge("x y").rawMerge("xy z").rawMerge("\u0120 xyz");
    assertThat(tokens(Tokenizer.of(vocabulary.metadata()), " xyz"))
        .containsExactly("\u0120", "x", "y", "z");
  }

  @Test
  void everyByteGoesThereAndBack() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary("qwen2").metadata());
    String text = "\u0000\u007F\u0080\u00FF\u0100 \uFFFF\uD83D\uDE00\n";
    assertThat(tokenizer.decode(tokenizer.encode(text, false, true))).isEqualTo(text);
    assertThat(tokenizer.bytes(200)).containsExactly((byte) 200);
  }

  @Test
  void surrogatesWithoutPartnerBecomeTheReplacementCharacter() {
    Tokenizer tokenizer = Tokenizer.of(vocabulary("llama-bpe").metadata());
    int[] ids = tokenizer.encode("a\uD800b\uDC00", false, true);
    assertThat(tokenizer.decode(ids)).isEqualTo("a\uFFFDb\uFFFD");
  }

  @Test
  void aMissingPreTokenizerIsDefault() {
    var values = vocabulary("gpt-2").values();
    values.remove("tokenizer.ggml.pre");
    Tokenizer tokenizer = Tokenizer.of(new dev.diecast.plans.gguf.Metadata("f", values));
    assertThat(tokens(tokenizer, "low")).containsExactly("low");
  }

  /** Words of any length, in any pre-tokenizer, cost about n log n. */
  @Test
  @Timeout(60)
  void longRunsStayFast() {
    TestVocabulary vocabulary = TestVocabulary.bytePair("gpt-2");
    String run = "a";
    for (int i = 0; i < 8; i++) {
      vocabulary.merge(run, run);
      run = run + run;
    }
    for (String pre :
        List.of(
            "default", "gpt-2", "llama-bpe", "qwen2", "deepseek-llm", "deepseek-coder", "youtu")) {
      Tokenizer tokenizer = Tokenizer.of(vocabulary.set("pre", pre).metadata());
      for (String unit :
          List.of(
              "a",
              " ",
              "\n",
              " \n",
              "'",
              "\u4E2D",
              "\u4E2D \u4E2D",
              "1",
              "\u0301",
              "\uD83D\uDE00")) {
        String text = unit.repeat(200_000 / unit.length()) + "a";
        long start = System.nanoTime();
        assertThat(tokenizer.decode(tokenizer.encode(text, false, true))).isEqualTo(text);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .as("%s, '%s'", pre, unit)
            .isLessThan(Duration.ofSeconds(10));
      }
    }
  }
}
