package dev.diecast.plans.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreTokenizerTest {
  private static List<String> split(String name, String text) {
    return KnownPreTokenizers.named(name).orElseThrow().split(text);
  }

  @Test
  void gpt2TakesOneSpaceAlong() {
    assertThat(split("gpt-2", "Hello world  12345 a1!? ."))
        .containsExactly("Hello", " world", " ", " 12345", " a", "1", "!?", " .");
  }

  @Test
  void gpt2KnowsLowerCaseContractionsOnly() {
    assertThat(split("gpt-2", "I'll he'S we've 'd"))
        .containsExactly("I", "'ll", " he", "'", "S", " we", "'ve", " '", "d");
  }

  @Test
  void gpt2LeavesTheLastSpaceToTheNextWord() {
    assertThat(split("gpt-2", "a   b \n c\t\t"))
        .containsExactly("a", "  ", " b", " \n", " c", "\t\t");
  }

  @Test
  void gpt2KeepsUnicodeLettersTogetherAndMarksApart() {
    // a combining acute accent is a mark, no letter
    assertThat(split("gpt-2", "e\u0301t\u00E9 \u4E2D\u6587 \uD835\uDC00x \uD83D\uDE00\uD83D\uDE00"))
        .containsExactly(
            "e",
            "\u0301",
            "t\u00E9",
            " \u4E2D\u6587",
            " \uD835\uDC00x",
            " \uD83D\uDE00\uD83D\uDE00");
  }

  @Test
  void whiteSpaceIsUnicodes() {
    assertThat(split("gpt-2", "a\u00A0\u3000b\u0085c\u200Bd"))
        .containsExactly("a", "\u00A0", "\u3000", "b", "\u0085", "c", "\u200B", "d");
  }

  @Test
  void defaultCutsPunctuationAndThreeDigitGroups() {
    assertThat(split("default", "a+b, 1234567 don't \u0E51\u0E52\u0E53\u0E54"))
        .containsExactly(
            "a",
            "+",
            "b",
            ",",
            " ",
            "123",
            "456",
            "7",
            " don",
            "'",
            "t",
            " ",
            "\u0E51\u0E52\u0E53\u0E54");
  }

  @Test
  void llama3GroupsDigitsInThrees() {
    assertThat(split("llama-bpe", "1234567 \u0E51\u0E52\u0E53\u0E54 x99"))
        .containsExactly("123", "456", "7", " ", "\u0E51\u0E52\u0E53", "\u0E54", " x", "99");
  }

  @Test
  void llama3KnowsContractionsOfAnyCase() {
    assertThat(split("llama3", "I'LL y'all 'Re don'T"))
        .containsExactly("I", "'LL", " y", "'all", " '", "Re", " don", "'T");
  }

  @Test
  void llama3PutsOneCharacterBeforeAWord() {
    assertThat(split("llama-v3", "(foo) $bar\tbaz _q \u2014x"))
        .containsExactly("(foo", ")", " $", "bar", "\tbaz", " _", "q", " \u2014", "x");
  }

  @Test
  void llama3EndsPunctuationWithNewlines() {
    assertThat(split("llama-bpe", "end.\r\n\r\n  next \n\n  x   "))
        .containsExactly("end", ".\r\n\r\n", " ", " next", " \n\n", " ", " x", "   ");
  }

  @Test
  void qwen2CutsEveryDigit() {
    assertThat(split("qwen2", " 123 a4\u17E1\u17E2"))
        .containsExactly(" ", "1", "2", "3", " a", "4", "\u17E1", "\u17E2");
  }

  @Test
  void glm4IsLlama3sPattern() {
    assertThat(split("glm4", "We'LL see 12345!\n\n\u4F60\u597D\uFF0C\u4E16\u754C"))
        .containsExactly(
            "We", "'LL", " see", " ", "123", "45", "!\n\n", "\u4F60\u597D", "\uFF0C\u4E16\u754C");
    assertThat(split("chatglm-bpe", "12345")).containsExactly("123", "45");
  }

  @Test
  void deepseekLlmAppliesItsStagesInTurn() {
    assertThat(split("deepseek-llm", "Hello, world!\n\n 3.14 x_y  "))
        .containsExactly(
            "Hello", ",", " world", "!", "\n", "\n", " ", "3", ".", "14", " x", "_", "y", "  ");
  }

  @Test
  void deepseekLlmSplitsAsianScriptsFromTheirSpace() {
    assertThat(split("deepseek-llm", "a \u4E2D\u6587b\u3002 \u1780\u17B6 \uAC00"))
        .containsExactly(
            "a", " ", "\u4E2D\u6587", "b", "\u3002", " ", "\u1780\u17B6", " ", "\uAC00");
  }

  @Test
  void deepseekLlmCountsWideSpaceAsSpaceNotAsItsPunctuation() {
    assertThat(split("deepseek-llm", "a\u3000b\u3001\u3000\u4E2D"))
        .containsExactly("a", "\u3000b", "\u3001", "\u3000", "\u4E2D");
  }

  @Test
  void deepseekLlmKnowsCasedLettersOnly() {
    // Hebrew has no case: its letters are left over, and with them the space
    assertThat(split("deepseek-llm", "\u0416\u0436 \u05D0\u05D1 \uD801\uDC00\uD801\uDC01"))
        .containsExactly("\u0416\u0436", " \u05D0\u05D1", " \uD801\uDC00\uD801\uDC01");
    assertThat(split("deepseek-llm", "\u01BB\u01BC\u01BD"))
        .containsExactly("\u01BB", "\u01BC\u01BD");
  }

  @Test
  void deepseekLlmCutsAsciiLettersFromOthers() {
    // its range of punctuation from colon to tilde holds the letters of ASCII too
    assertThat(split("deepseek-llm", "Caf\u00E9s")).containsExactly("Caf", "\u00E9", "s");
  }

  @Test
  void deepseekCoderCutsDigitsAndPunctuation() {
    // symbols are no punctuation: they are left over with their spaces
    assertThat(split("deepseek-coder", "x = foo(12);\n  y += $z \u0E01"))
        .containsExactly(
            "x", " =", " foo", "(", "1", "2", ");", "\n", " ", " y", " += $", "z", " ", "\u0E01");
  }

  @Test
  void youtuTakesEastAsianScriptsFirst() {
    assertThat(split("youtu", "\uD55C\uAD6D\uC5B4\u4E2D\u6587\u3001\uFF0C\u30AB\u30CAabc"))
        .containsExactly(
            "\uD55C\uAD6D\uC5B4", "\u4E2D\u6587", "\u3001\uFF0C", "\u30AB\u30CA", "abc");
  }

  @Test
  void youtuKeepsContractionsAndMarksWithTheirWord() {
    assertThat(split("youtu", "I'LL don't e\u0301t\u00E9's 42 HelloWorld a/b//\n"))
        .containsExactly(
            "I'LL",
            " don't",
            " e\u0301t\u00E9's",
            " ",
            "4",
            "2",
            " HelloWorld",
            " a",
            "/b",
            "//\n");
  }

  @Test
  void youtuSeesSpacesOnlyWithinTheirWord() {
    // the run of spaces before a Chinese word is a word of its own and keeps all its spaces
    assertThat(split("youtu", "a   \u4E2D   b")).containsExactly("a", "   ", "\u4E2D", "  ", " b");
  }

  @Test
  void namesWhatItKnows() {
    assertThat(KnownPreTokenizers.names().split(", "))
        .doesNotHaveDuplicates()
        .contains(
            "default",
            "gpt-2",
            "llama-bpe",
            "deepseek-llm",
            "deepseek-coder",
            "qwen2",
            "glm4",
            "chatglm-bpe",
            "youtu");
    assertThat(KnownPreTokenizers.named("bloom")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default",
        "gpt-2",
        "smollm",
        "llama-bpe",
        "qwen2",
        "glm4",
        "deepseek-llm",
        "deepseek-coder",
        "youtu"
      })
  void losesNothingAndMakesNoEmptyWord(String name) {
    var random = new Random(7);
    int[] alphabet =
        "ab'stLl 12 \t\r\n.,!/_$\u00A0\u3000\u0301\u0E51\u4E2D\uAC00\u30AB\u0000\uFFFD\u0378"
            .codePoints()
            .toArray();
    for (int round = 0; round < 2000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(24); i > 0; i--) {
        text.appendCodePoint(
            random.nextInt(20) == 0 ? 0x1F600 : alphabet[random.nextInt(alphabet.length)]);
      }
      if (text.isEmpty()) {
        continue;
      }
      List<String> words = split(name, text.toString());
      assertThat(String.join("", words)).isEqualTo(text.toString());
      assertThat(words).doesNotContain("");
    }
  }
}
