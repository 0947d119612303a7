package dev.diecast.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.tools.demo.HeldOutSet;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The bundled model through the whole of Diecast: what it says is true. */
final class DemoTest {
  /** The model card has none wrong; another order of sums may tip one. */
  private static final int MOST_WRONG = 1;

  private static String good(Cli run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.text();
  }

  private static JsonNode evaluation(int items, String type) {
    Cli run = Cli.run("eval", "demo", "--json", "--items", "" + items, "--type", type);
    return new ObjectMapper().readTree(good(run));
  }

  private static void assertMostlyRight(JsonNode evaluation) {
    assertThat(evaluation.get("total").asInt()).isEqualTo(60);
    assertThat(evaluation.get("right").asInt()).isGreaterThanOrEqualTo(60 - MOST_WRONG);
    assertThat(evaluation.get("wrong").size()).isEqualTo(60 - evaluation.get("right").asInt());
  }

  @Test
  void theDemoTellsAStoryAddsAndPointsOn() {
    assertThat(good(Cli.run("demo")))
        .contains("dispatches", "arena", "compiled in")
        .contains("Once upon a time, ")
        .contains("  6+6=12\n  4+6+1=11\n  9+5+1=15\n  946 + 566 = 1512\n")
        .contains("tok/s", "us per token outside the device")
        .contains("diecast eval demo", "glm-4.7-flash:q4_0");
  }

  @Test
  void theSumOfTheDemoIsHeldOut() throws IOException {
    assertThat(HeldOutSet.load().items())
        .anyMatch(item -> item.question().equals("What is 946 + 566?"));
  }

  @Test
  void bothTypesAnswerQuestions() {
    assertMostlyRight(evaluation(60, "q8_0"));
    assertMostlyRight(evaluation(60, "q4_0"));
  }

  @Test
  void anEvaluationHasEveryKindAndItsInterval() {
    JsonNode evaluation = evaluation(12, "q8_0");
    assertThat(evaluation.get("model").asString()).isEqualTo("demo");
    assertThat(evaluation.get("type").asString()).isEqualTo("q8_0");
    assertThat(evaluation.get("device").asString()).isEqualTo("cpu");
    assertThat(evaluation.get("kinds"))
        .extracting(kind -> kind.get("kind").asString())
        .containsExactly("two-digit", "three-digit", "question");
    assertThat(evaluation.get("kinds"))
        .allSatisfy(kind -> {
          double accuracy = kind.get("accuracy").asDouble();
          assertThat(kind.get("low").asDouble()).isBetween(0.0, accuracy);
          assertThat(kind.get("high").asDouble()).isBetween(accuracy, 1.0);
        });
    assertThat(evaluation.has("stories")).isFalse();
  }

  @Test
  void storiesAreGrammatical() {
    String table = good(Cli.run("eval", "demo", "--items", "3", "--stories", "10"));
    assertThat(table).containsPattern("two-digit sums +2 of +2").contains("95% interval");
    assertThat(table).containsPattern("stories +(9|10) of +10");
  }

  @Test
  void whatCannotBeMeasuredIsOneError() {
    Cli f16 = Cli.run("eval", "demo", "--type", "f16");
    assertThat(f16.code()).isEqualTo(3);
    assertThat(f16.err()).contains("demo.f16.gguf does not ship").hasLineCount(1);
    Cli none = Cli.run("eval", "demo", "--items", "0");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--items").hasLineCount(1);
    Cli set = Cli.run("eval", "mmlu");
    assertThat(set.code()).isEqualTo(2);
    assertThat(set.err()).contains("mmlu").hasLineCount(1);
    Cli both = Cli.run("eval", "demo", "--type", "q4_0", "--model", "x.gguf");
    assertThat(both.code()).isEqualTo(2);
    Cli other = Cli.run("eval", "demo", "--device", "cuda");
    assertThat(other.code()).isEqualTo(4);
  }
}
