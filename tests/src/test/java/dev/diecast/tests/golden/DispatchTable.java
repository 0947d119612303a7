package dev.diecast.tests.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The page on dispatches per layer and per token, from golden dumps. */
final class DispatchTable {
  /** Kernels per expert layer (where a report counts them) and per token, from field reports. */
  private static final Map<String, String> REPORTED =
      Map.of(
          "glm-4.7-flash", "28 and 1358",
          "deepseek-v2-lite", "1194",
          "youtu-llm-2b", "1165");

  private static final String INTRODUCTION =
      """
      # Dispatches per token

      From the golden plan dumps in `model-plans/golden` (target metal); a test keeps this page up to date.
      The dumps list every dispatch. *Reported* is what field reports count for the same models, per expert
      layer and per token, in a runtime that captures a graph of generated kernels.

      | model | in a layer | in all | barriers | source ops | arena / lower bound | reported |
      |---|---|---|---|---|---|---|
      """;

  private static final Pattern LAYERS =
      Pattern.compile("(?m)^  layers ([^:]+): (\\d+) dispatches$");
  private static final Pattern ARENA =
      Pattern.compile("(?m)^  arena (\\d+) bytes, lower bound (\\d+)");

  private final StringBuilder page = new StringBuilder(INTRODUCTION);

  static String of(List<String> specs, UnaryOperator<String> dumps) {
    DispatchTable table = new DispatchTable();
    specs.forEach(spec -> table.row(spec, decode(dumps.apply(spec))));
    return table.page.toString();
  }

  /** The part of a dump that is about the program decode. */
  private static String decode(String dump) {
    int from = dump.indexOf("\nprogram decode\n");
    int to = dump.indexOf("\nprogram ", from + 1);
    return dump.substring(Math.max(from, 0), to < 0 ? dump.length() : to);
  }

  private void row(String spec, String decode) {
    MatchResult arena = ARENA.matcher(decode).results().findFirst().orElseThrow();
    double ratio = Double.parseDouble(arena.group(1)) / Double.parseDouble(arena.group(2));
    page.append(
        "| %s | %s | %d | %d | %d | %.2f | %s |%n"
            .formatted(
                spec,
                layers(decode),
                number("dispatches", decode),
                number("barriers", decode),
                number("source ops", decode),
                ratio,
                REPORTED.getOrDefault(spec.split(":", 2)[0], "")));
  }

  /** Counts with the layers that have them, joined where patterns have the same number. */
  private static String layers(String decode) {
    List<MatchResult> patterns = LAYERS.matcher(decode).results().toList();
    List<Long> counts = patterns.stream().map(p -> Long.valueOf(p.group(2))).distinct().toList();
    if (counts.size() == 1) {
      return Long.toString(counts.getFirst());
    }
    List<String> parts = new ArrayList<>();
    for (Long count : counts) {
      List<String> with =
          patterns.stream()
              .filter(p -> Long.valueOf(p.group(2)).equals(count))
              .map(p -> p.group(1))
              .toList();
      parts.add(count + " (" + String.join(", ", with) + ")");
    }
    return String.join(", ", parts);
  }

  private static long number(String what, String decode) {
    return Pattern.compile("(?m)^  " + what + " (\\d+)$")
        .matcher(decode)
        .results()
        .mapToLong(match -> Long.parseLong(match.group(1)))
        .findFirst()
        .orElseThrow();
  }
}
