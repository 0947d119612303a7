package dev.diecast.tools.bench;

import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.TextTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The speed of kernels, with what is needed to judge it.
 *
 * @param threads workers of the cpu device
 * @param timings by case
 * @param machine where they ran
 */
public record KernelReport(int threads, List<KernelTiming> timings, Machine machine) {
  /** Copies the list. */
  public KernelReport {
    timings = List.copyOf(timings);
  }

  /** Writes the documented JSON document. */
  public void printJson(Console console) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", "kernel-bench");
    json.put("device", "cpu");
    json.put("threads", threads);
    json.put("kernels", timings.stream().map(KernelTiming::toMap).toList());
    json.put("machine", machine.toMap());
    console.println(
        JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(json));
  }

  /** Writes a table for people. */
  public void printTable(Console console) throws IOException {
    console.line("%s, %d threads", machine.cpu(), threads);
    TextTable table =
        new TextTable("  ", "kernel [case]", "us", "from", "to", "GB/s", "% of memory");
    for (KernelTiming timing : timings) {
      table.row(
          timing.of(),
          "%.1f".formatted(timing.micros().median()),
          "%.1f".formatted(timing.micros().min()),
          "%.1f".formatted(timing.micros().max()),
          "%.2f".formatted(timing.bytesPerSecond() / 1e9),
          "%.0f".formatted(100 * timing.share()));
    }
    StringBuilder text = new StringBuilder();
    table.print(text);
    console.print(text.toString());
    Spread memory =
        Spread.of(timings.stream().mapToDouble(t -> t.streamed().median() / 1e9).toArray());
    console.line(
        "memory alone: %.2f GB/s (%.2f to %.2f) in the same run",
        memory.median(), memory.min(), memory.max());
  }
}
