package dev.diecast.tools.bench;

import dev.diecast.replay.StartUp;
import dev.diecast.replay.WarmUp;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.ByteCount;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A benchmark's outcome, with what is needed to judge it.
 *
 * @param model what was measured
 * @param device that the plan is for
 * @param threads workers of the cpu device
 * @param startUp how the session opened
 * @param workload what was run
 * @param measurement what was found
 * @param against what another plan reached side by side; null without one
 * @param loadMillis opening, compiling, binding
 * @param weightsBytesPerToken weights that one decode step reads
 * @param peakRss the largest resident set of the process, mapped weights included
 * @param machine where it ran
 */
public record BenchReport(
    String model,
    String device,
    int threads,
    StartUp startUp,
    Workload workload,
    Measurement measurement,
    @Nullable Against against,
    double loadMillis,
    long weightsBytesPerToken,
    OptionalLong peakRss,
    Machine machine) {

  /**
   * Another plan's figures.
   *
   * @param plan its file
   * @param comparison the figures
   */
  public record Against(String plan, Comparison comparison) {}

  /** Writes the documented JSON document. */
  public void printJson(Console console) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model);
    json.put("device", device);
    json.put("threads", threads);
    json.put("prompt", workload.prompt());
    json.put("tokens", workload.tokens());
    json.put("depth", workload.depth());
    json.put("repeat", workload.repeat());
    json.put("decode", Map.of("tok_per_s", measurement.decode().toMap()));
    json.put("prefill", Map.of("tok_per_s", measurement.prefill().toMap()));
    if (against != null) {
      json.put("against", against.comparison().toMap(against.plan()));
    }
    json.put("host_us_per_token", measurement.hostMicrosPerToken());
    json.put("alloc_bytes_per_token", measurement.allocatedBytesPerToken());
    json.put("load_ms", loadMillis);
    json.put("first_token_ms", measurement.firstTokenMillis());
    json.put("warm_first_token_ms", measurement.warmFirstTokenMillis());
    json.put("start_up", startUpMap());
    json.put("peak_rss_bytes", peakRss.isPresent() ? peakRss.getAsLong() : null);
    json.put("weights_bytes_per_token", weightsBytesPerToken);
    json.put("machine", machine.toMap());
    console.println(
        JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(json));
  }

  /** Writes a table for people. */
  public void printTable(Console console) throws IOException {
    double bandwidth = measurement.decode().median() * weightsBytesPerToken;
    console.line("%s on %s, %d rounds", model, where(), workload.repeat());
    row(console, "decode", measurement.decode(), workload.tokens());
    row(console, "prefill", measurement.prefill(), workload.prompt());
    if (against != null) {
      Comparison found = against.comparison();
      console.line("against %s, in turns", against.plan());
      row(console, "decode", found.other().decode(), workload.tokens());
      row(console, "prefill", found.other().prefill(), workload.prompt());
      ratio(console, "decode", found.decodeRatio());
      ratio(console, "prefill", found.prefillRatio());
    }
    console.line(
        "  weights read   %9s per token, %s/s",
        ByteCount.of(weightsBytesPerToken), ByteCount.of((long) bandwidth));
    console.line(
        "  host           %9.1f us per token, %.0f bytes allocated",
        measurement.hostMicrosPerToken(), measurement.allocatedBytesPerToken());
    console.line(
        "  load           %9.0f ms, then %.0f ms to the first token, %.1f ms when warm",
        loadMillis, measurement.firstTokenMillis(), measurement.warmFirstTokenMillis());
    printStartUp(console);
    if (peakRss.isPresent()) {
      console.line(
          "  memory         %9s peak, mapped weights included", ByteCount.of(peakRss.getAsLong()));
    }
  }

  private void printStartUp(Console console) throws IOException {
    WarmUp steps = startUp.warmUp();
    if (steps.steps() > 0) {
      console.line(
          "  first steps    %9.2f ms cold, %.2f ms warm, of %d while it opened",
          steps.coldNanos() / 1e6, steps.warmNanos() / 1e6, steps.steps());
    }
    if (!device.equals("cpu")) {
      for (String note : startUp.notes()) {
        console.line("  %s", note);
      }
    }
  }

  private String where() {
    return device.equals("cpu") ? machine.cpu() + ", " + threads + " threads" : device;
  }

  private Map<String, Object> startUpMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("open_ms", startUp.openNanos() / 1e6);
    map.put("warm_up_steps", startUp.warmUp().steps());
    map.put("cold_step_ms", startUp.warmUp().coldNanos() / 1e6);
    map.put("warm_step_ms", startUp.warmUp().warmNanos() / 1e6);
    map.put("notes", startUp.notes());
    return map;
  }

  private static void row(Console console, String name, Spread spread, int tokens)
      throws IOException {
    console.line(
        "  %-8s %6d tok %7.2f tok/s  (%.2f to %.2f)",
        name, tokens, spread.median(), spread.min(), spread.max());
  }

  private static void ratio(Console console, String name, Spread spread) throws IOException {
    console.line(
        "  %-8s ratio      %7.3f        (%.3f to %.3f)",
        name, spread.median(), spread.min(), spread.max());
  }
}
