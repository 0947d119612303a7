package dev.diecast.tools.command;

import dev.diecast.bindings.posix.PeakMemory;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanFiles;
import dev.diecast.replay.Session;
import dev.diecast.tools.bench.BenchReport;
import dev.diecast.tools.bench.Benchmark;
import dev.diecast.tools.bench.Comparison;
import dev.diecast.tools.bench.Machine;
import dev.diecast.tools.bench.Measurement;
import dev.diecast.tools.bench.Workload;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.Progress;
import dev.diecast.tools.model.PlanSummary;
import dev.diecast.tools.model.ReadyModel;
import dev.diecast.tools.model.RunnableDevices;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code diecast bench}. */
@Command(
    name = "bench",
    modelTransformer = OptionalModel.class,
    header = "Measures how fast a model runs here.",
    description = {
      "%nEvery round takes a prompt of random tokens and then decodes. Untimed "
          + "rounds come first, for three seconds or until they get no faster. Say where figures come from when you pass them on: --json has it all.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast bench model.gguf",
      "  diecast bench model.gguf --threads 2 --tokens 128 --repeat 5 --json",
      "  diecast bench model.gguf --depth 2000           decoding deep in a context",
      "  diecast bench new.plan --model model.gguf --against old.plan --repeat 15",
      "  diecast bench kernels                           single kernels, no model needed",
    })
public final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  @Option(
      names = "--prompt",
      paramLabel = "P",
      defaultValue = "64",
      description = "Tokens of the prompt (default: ${DEFAULT-VALUE}).")
  private int prompt;

  @Option(
      names = "--tokens",
      paramLabel = "T",
      defaultValue = "64",
      description = "Tokens to decode (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--depth",
      paramLabel = "D",
      defaultValue = "0",
      description = "Tokens in the KV cache before decoding is timed (default: the prompt).")
  private int depth;

  @Option(
      names = "--repeat",
      paramLabel = "R",
      defaultValue = "3",
      description = "Timed rounds (default: ${DEFAULT-VALUE}).")
  private int repeat;

  @Option(
      names = "--against",
      paramLabel = "P",
      description =
          "Another plan of the same model: its rounds take turns with those of the first, and the ratio of each pair is told.")
  private @Nullable Path against;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    model.requireFile(spec);
    Workload workload = new Workload(prompt, tokens, depth, repeat);
    try (ReadyModel ready = model.open(spec, engine, workload::contextFor)) {
      workload.requireContext(ready.session().capacity());
      BenchReport.Against other =
          against == null
              ? null
              : new BenchReport.Against(against.toString(), compare(ready, against, workload));
      BenchReport report =
          new BenchReport(
              ready.file().location(),
              ready.plan().device(),
              engine.sessionOfPlan().threads(),
              ready.session().startUp(),
              workload,
              other == null ? measure(ready, workload) : other.comparison().measured(),
              other,
              ready.loadNanos() / 1e6,
              PlanSummary.decode(ready.plan()).weightsReadBytes(),
              PeakMemory.bytes(),
              Machine.here());
      if (json) {
        report.printJson(console);
      } else {
        report.printTable(console);
      }
    }
    return 0;
  }

  private Measurement measure(ReadyModel ready, Workload workload) {
    try (Progress progress = Progress.ofSteps(console, "rounds", workload.repeat() + 1L)) {
      return Benchmark.run(ready.session(), workload, progress::reached);
    }
  }

  private Comparison compare(ReadyModel ready, Path plan, Workload workload) {
    Plan second = PlanFiles.read(plan);
    RunnableDevices.require(second.device());
    try (Session other = Session.open(second, ready.file(), engine.sessionOfPlan());
        Progress progress = Progress.ofSteps(console, "rounds", workload.repeat() + 1L)) {
      workload.requireContext(other.capacity());
      return Benchmark.compare(ready.session(), other, workload, progress::reached);
    }
  }
}
