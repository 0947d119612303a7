package dev.diecast.tools.check;

import dev.diecast.replay.Session;
import dev.diecast.tools.console.Console;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What a plan made of given tokens. */
public record ReplayedTokens(List<Step> steps) {
  /** Replayed tokens with their own copy of the steps. */
  public ReplayedTokens {
    steps = List.copyOf(steps);
  }

  /**
   * One decode step.
   *
   * @param token consumed
   * @param next the likeliest token after it
   * @param logit that of {@code next}
   * @param micros on the device
   */
  public record Step(int token, int next, float logit, double micros) {}

  /** Feeds the tokens to a session at its beginning. */
  public static ReplayedTokens run(Session session, int[] tokens) {
    List<Step> steps = new ArrayList<>();
    float[] logits = new float[session.vocab()];
    for (int token : tokens) {
      long before = session.deviceNanos();
      session.feed(token);
      session.logits(logits);
      int next = likeliest(logits);
      double micros = (session.deviceNanos() - before) / 1e3;
      steps.add(new Step(token, next, logits[next], micros));
    }
    return new ReplayedTokens(steps);
  }

  /** Writes a table for people. */
  public void printTable(Console console) throws IOException {
    console.line("%8s %8s  %-13s %10s %10s", "position", "token", "likeliest next", "logit", "us");
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      console.line(
          "%8d %8d  %-14d %10.4f %10.1f",
          i, step.token(), step.next(), step.logit(), step.micros());
    }
  }

  /** Writes the documented JSON document. */
  public void printJson(Console console) throws IOException {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Step step : steps) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("token", step.token());
      json.put("next", step.next());
      json.put("logit", step.logit());
      json.put("device_us", step.micros());
      list.add(json);
    }
    console.println(
        JsonMapper.builder()
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(Map.of("steps", list)));
  }

  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
