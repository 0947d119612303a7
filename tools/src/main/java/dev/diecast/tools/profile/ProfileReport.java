package dev.diecast.tools.profile;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.Display;
import dev.diecast.tools.inspect.Json;
import dev.diecast.tools.inspect.KernelLabels;
import dev.diecast.tools.inspect.TextTable;
import dev.diecast.tools.inspect.timeline.ChromeTrace;
import dev.diecast.tools.inspect.timeline.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measured times beside predicted ones.
 *
 * @param model what ran
 * @param machine the GPU or processor that it ran on
 * @param plan that was replayed
 * @param program that was measured
 * @param measured its times
 * @param predicted the cost model's
 */
public record ProfileReport(
    String model,
    String machine,
    Plan plan,
    Program program,
    DispatchProfile measured,
    ProgramCost predicted) {

  /** Writes a table for people. */
  public void printTable(Console console) throws IOException {
    console.line(
        "%s, %s at position %d, %s on %s",
        model, Display.name(program.name()), measured.position(), plan.device(), machine);
    console.line(
        "  %d dispatches, each alone, by %s, median of %d; predicted for %s",
        measured.micros().size(), measured.clock(), measured.rounds(), predicted.profile().name());
    TextTable table =
        new TextTable("  ", "kernel", "calls", "us/call", "us/run", "%", "GB/s", "predicted", "x");
    List<KernelTime> kernels = KernelTime.of(plan, program, measured, predicted);
    for (KernelTime kernel : kernels) {
      table.row(
          kernel.kernel(),
          kernel.calls(),
          number("%.2f", kernel.micros() / kernel.calls()),
          number("%.1f", kernel.micros()),
          number("%.1f", 100 * kernel.share()),
          number("%.1f", kernel.gigabytesPerSecond()),
          number("%.1f", kernel.predictedMicros()),
          number("%.2f", kernel.ratio()));
    }
    long bytes = kernels.stream().mapToLong(KernelTime::bytes).sum();
    double sum = measured.sumMicros();
    table.row(
        "all",
        measured.micros().size(),
        number("%.2f", sum / Math.max(1, measured.micros().size())),
        number("%.1f", sum),
        number("%.1f", 100),
        number("%.1f", sum > 0 ? bytes / sum / 1e3 : 0),
        number("%.1f", predicted.predictedMicros()),
        number("%.2f", ratio(sum, predicted.predictedMicros())));
    StringBuilder text = new StringBuilder();
    table.print(text);
    console.print(text.toString());
    console.line(
        "  a whole run takes %.1f us, %.2f times what its dispatches take alone",
        measured.wholeMicros(), ratio(measured.wholeMicros(), sum));
  }

  /** Writes the documented JSON document. */
  public void printJson(Console console) throws IOException {
    ObjectNode json = Json.object();
    json.put("kind", "profile")
        .put("model", model)
        .put("device", plan.device())
        .put("machine", machine)
        .put("program", program.name())
        .put("position", measured.position())
        .put("rounds", measured.rounds())
        .put("clock", measured.clock())
        .put("profile", predicted.profile().name())
        .put("whole_us", measured.wholeMicros())
        .put("sum_us", measured.sumMicros())
        .put("predicted_us", predicted.predictedMicros());
    ArrayNode kernels = json.putArray("kernels");
    for (KernelTime kernel : KernelTime.of(plan, program, measured, predicted)) {
      kernels
          .addObject()
          .put("kernel", kernel.kernel())
          .put("calls", kernel.calls())
          .put("us_per_call", kernel.micros() / kernel.calls())
          .put("us_per_run", kernel.micros())
          .put("share", kernel.share())
          .put("gb_per_s", kernel.gigabytesPerSecond())
          .put("predicted_us", kernel.predictedMicros());
    }
    ArrayNode dispatches = json.putArray("dispatches");
    for (int i = 0; i < measured.micros().size(); i++) {
      Dispatch dispatch = program.dispatches().get(i);
      DispatchCost cost = predicted.dispatches().get(i);
      dispatches
          .addObject()
          .put("dispatch", i)
          .put("label", Display.name(dispatch.label()))
          .put("kernel", KernelLabels.of(plan, dispatch))
          .put("layer", dispatch.layer())
          .put("us", measured.micros().get(i))
          .put("predicted_us", cost.predictedMicros())
          .put("bytes", cost.bytes());
    }
    Json.write(json, console.out());
  }

  /** The dispatches one after the other, in the Chrome trace format. */
  public String trace() {
    List<Schedule.Span> spans = new ArrayList<>();
    double now = 0;
    for (int i = 0; i < measured.micros().size(); i++) {
      double micros = measured.micros().get(i);
      spans.add(new Schedule.Span(now, micros, predicted.dispatches().get(i).bytes()));
      now += micros;
    }
    return ChromeTrace.of(plan, program, new Schedule("measured", machine, spans));
  }

  private static double ratio(double value, double base) {
    return base > 0 ? value / base : 0;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
