package dev.diecast.tools.command;

import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.bench.KernelBench;
import dev.diecast.tools.bench.KernelReport;
import dev.diecast.tools.bench.KernelTiming;
import dev.diecast.tools.bench.Machine;
import dev.diecast.tools.bench.MemoryStream;
import dev.diecast.tools.cases.KernelCase;
import dev.diecast.tools.cases.KernelCases;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.DeviceUnavailable;
import dev.diecast.tools.console.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diecast bench kernels}. */
@Command(
    name = "kernels",
    header = "Measures how fast single kernels run here.",
    description = {
      "%nTimes the cases of the kernels' case list that have the size of real models, on random "
          + "weights: median and spread of a run, bytes moved per second, and the share of the "
          + "speed at which the same cores read memory in the same run.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast bench kernels",
      "  diecast bench kernels --filter 'gemv_q4_0|linears' --threads 2 --json",
    })
public final class BenchKernelsCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Where to run: cpu, which is all that this command measures.")
  private EngineOptions.Device device = EngineOptions.Device.CPU;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Workers of the cpu device (default: one per core, at most 16).")
  private @Nullable Integer threads;

  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      defaultValue = "",
      description = "Only cases in whose `kernel [case]` this is found (default: all).")
  private String filter = "";

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "1",
      description = "How long to measure each case, about (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public BenchKernelsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (device != EngineOptions.Device.CPU) {
      throw new DeviceUnavailable(
          "single kernels are measured on cpu only; `diecast profile --device %s` times those of a model"
              .formatted(device.text()));
    }
    SessionOptions defaults = SessionOptions.defaults();
    int workers = (threads == null ? defaults : defaults.withThreads(threads)).threads();
    if (!(seconds > 0 && seconds <= 3600)) {
      throw misuse("--seconds is " + seconds + ", expected 0 to 3600");
    }
    KernelReport report = new KernelReport(workers, measure(chosen(), workers), Machine.here());
    if (json) {
      report.printJson(console);
    } else {
      report.printTable(console);
    }
    return 0;
  }

  private List<KernelTiming> measure(List<KernelCase> cases, int workers) {
    List<KernelTiming> timings = new ArrayList<>();
    try (MemoryStream stream = new MemoryStream(workers);
        Progress progress = Progress.ofSteps(console, "cases", cases.size())) {
      KernelBench bench = new KernelBench(workers, seconds, stream);
      for (KernelCase of : cases) {
        timings.add(bench.time(of));
        progress.reached(timings.size());
      }
    }
    return timings;
  }

  private List<KernelCase> chosen() {
    Pattern pattern;
    try {
      pattern = Pattern.compile(filter);
    } catch (PatternSyntaxException e) {
      throw misuse("--filter '" + filter + "' is no regular expression: " + e.getDescription());
    }
    List<KernelCase> chosen =
        KernelCases.timed().stream().filter(of -> pattern.matcher(of.toString()).find()).toList();
    if (chosen.isEmpty()) {
      throw misuse("--filter '" + filter + "' matches no case");
    }
    return chosen;
  }

  private ParameterException misuse(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
