package dev.diecast.tools.demo;

import dev.diecast.tools.console.Console;
import dev.diecast.tools.demo.Evaluation.WrongAnswer;
import dev.diecast.tools.demo.HeldOutItem.Kind;
import dev.diecast.tools.inspect.Json;
import java.io.IOException;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * An evaluation, and of what.
 *
 * @param model name or file
 * @param weights type of the weights
 */
public record EvaluationReport(String model, String weights, String device, Evaluation evaluation) {
  private static final int WRONG_SHOWN = 5;

  /** Writes a table for people. */
  public void printTable(Console console) throws IOException {
    console.line("%s, %s, on %s", model, weights, device);
    for (Kind kind : Kind.values()) {
      Score score = evaluation.answers().get(kind);
      if (score != null) {
        row(console, label(kind), score);
      }
    }
    row(console, "all", evaluation.overall());
    if (evaluation.stories().isPresent()) {
      row(console, "stories", evaluation.stories().get());
    }
    for (WrongAnswer wrong : evaluation.wrong().stream().limit(WRONG_SHOWN).toList()) {
      console.line("  wrong: %s -> %s", wrong.item().question(), onOneLine(wrong.said()));
    }
  }

  private static String label(Kind kind) {
    return kind == Kind.QUESTION ? "questions" : kind.text() + " sums";
  }

  private static String onOneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " | ");
  }

  private static void row(Console console, String name, Score score) throws IOException {
    console.line(
        "  %-17s %5d of %4d  %6.2f %%  (95%% interval %.2f to %.2f)",
        name,
        score.right(),
        score.total(),
        100 * score.share(),
        100 * score.low(),
        100 * score.high());
  }

  /** Writes the documented JSON document. */
  public void printJson(Console console) throws IOException {
    ObjectNode root = Json.object();
    root.put("model", model);
    root.put("type", weights);
    root.put("device", device.toLowerCase(Locale.ROOT));
    put(root, evaluation.overall());
    var kinds = root.putArray("kinds");
    for (Kind kind : Kind.values()) {
      Score score = evaluation.answers().get(kind);
      if (score != null) {
        put(kinds.addObject().put("kind", kind.text()), score);
      }
    }
    if (evaluation.stories().isPresent()) {
      put(root.putObject("stories"), evaluation.stories().get());
    }
    var wrong = root.putArray("wrong");
    for (WrongAnswer answer : evaluation.wrong()) {
      wrong
          .addObject()
          .put("question", answer.item().question())
          .put("answer", answer.item().answer())
          .put("said", answer.said());
    }
    Json.write(root, console.out());
  }

  private static void put(ObjectNode node, Score score) {
    node.put("accuracy", score.share());
    node.put("low", score.low());
    node.put("high", score.high());
    node.put("right", score.right());
    node.put("total", score.total());
  }
}
