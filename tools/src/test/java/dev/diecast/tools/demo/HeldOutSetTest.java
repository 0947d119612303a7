package dev.diecast.tools.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.tools.demo.HeldOutItem.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The held-out set is one that training cannot have seen, and its answers are right. */
final class HeldOutSetTest {
  private static final Pattern WORD = Pattern.compile("[a-z0-9]+|[+-]");
  private static final Pattern SUM = Pattern.compile("What is (\\d+) ([+-]) (\\d+)\\?");

  private static List<HeldOutItem> items() throws IOException {
    return HeldOutSet.load().items();
  }

  /** The rule of tools/demo-model/held_out.py, which the training text leaves out. */
  private static boolean isHeldOut(String question) {
    String words =
        WORD.matcher(question.toLowerCase(Locale.ROOT))
            .results()
            .map(match -> match.group())
            .sorted()
            .collect(Collectors.joining(" "));
    int hash = 0x811C9DC5;
    for (byte b : words.getBytes(UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x01000193;
    }
    return Integer.remainderUnsigned(hash, 10) == 0;
  }

  @Test
  void trainingLeavesAllOfItOut() throws IOException {
    assertThat(items()).allMatch(item -> isHeldOut(item.question()));
    assertThat(isHeldOut("What is 2 + 3?")).isFalse();
  }

  @Test
  void noQuestionIsAskedTwice() throws IOException {
    assertThat(items()).extracting(HeldOutItem::question).doesNotHaveDuplicates();
  }

  @Test
  void everyKindHasItsNumber() throws IOException {
    assertThat(items()).filteredOn(item -> item.kind() == Kind.TWO_DIGIT).hasSize(500);
    assertThat(items()).filteredOn(item -> item.kind() == Kind.THREE_DIGIT).hasSize(500);
    assertThat(items()).filteredOn(item -> item.kind() == Kind.QUESTION).hasSize(200);
  }

  @Test
  void sumsHaveNumbersOfTheirLengthAndRightResults() throws IOException {
    for (HeldOutItem item : items()) {
      if (item.kind() == Kind.QUESTION) {
        continue;
      }
      Matcher sum = SUM.matcher(item.question());
      assertThat(sum.matches()).as(item.question()).isTrue();
      int length = item.kind() == Kind.TWO_DIGIT ? 2 : 3;
      assertThat(sum.group(1)).hasSize(length);
      assertThat(sum.group(3)).hasSize(length);
      int a = Integer.parseInt(sum.group(1));
      int b = Integer.parseInt(sum.group(3));
      int result = sum.group(2).equals("+") ? a + b : a - b;
      assertThat(item.answer()).isEqualTo(Integer.toString(result));
    }
  }

  @Test
  void aSumIsAnsweredByItsLastLine() {
    HeldOutItem item = new HeldOutItem(Kind.TWO_DIGIT, "What is 18 + 42?", "60");
    assertThat(item.isAnsweredBy("8+2=10\n1+4+1=6\n18 + 42 = 60")).isTrue();
    assertThat(item.isAnsweredBy("8+2=10\n1+4+1=6\n18 + 42 = 160")).isFalse();
    assertThat(item.isAnsweredBy("18 + 42 = 60\n8+2=10")).isFalse();
    assertThat(item.isAnsweredBy("")).isFalse();
  }

  @Test
  void aQuestionIsAnsweredByTheWholeText() {
    HeldOutItem item = new HeldOutItem(Kind.QUESTION, "Is a fox red?", "A fox is red, so yes.");
    assertThat(item.isAnsweredBy("A fox is red, so yes.")).isTrue();
    assertThat(item.isAnsweredBy("A fox is red, so no.")).isFalse();
  }

  @Test
  void aPartHasSomeOfEveryKind() throws IOException {
    List<HeldOutItem> some = HeldOutSet.load().atMost(24).items();
    assertThat(some).hasSize(24).doesNotHaveDuplicates();
    assertThat(some).extracting(HeldOutItem::kind).contains(Kind.values());
    assertThat(HeldOutSet.load().atMost(5000).items()).hasSize(1200);
  }
}
