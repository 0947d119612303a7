package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.kernels.metallib.KernelFiles;
import dev.diecast.kernels.metallib.MetalToolchain;
import dev.diecast.kernels.metallib.MetalToolchain.Search;
import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.replay.metal.PipelineBuild;
import dev.diecast.replay.metal.PipelineFiles;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.DeviceUnavailable;
import dev.diecast.tools.console.Progress;
import dev.diecast.tools.model.PlanInput;
import dev.diecast.tools.model.RunnableDevices;
import dev.diecast.tools.pipelines.CompiledFile;
import dev.diecast.tools.pipelines.CompiledFile.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast pipelines build}. */
@Command(
    name = "build",
    header = "Compiles Metal kernels ahead of time.",
    description = {
      "%nWhere Apple's Metal compiler is (`xcrun metal`, part of Xcode), every kernel file becomes a "
          + ".metallib, good for all GPUs. Where a Metal GPU is, the pipelines of the plans named "
          + "are compiled for it and archived. It says which of both there was, and what it had to "
          + "compile.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast pipelines build",
      "  diecast pipelines build model.plan glm-4.7-flash:q4_0",
      "  diecast pipelines build model.gguf --refresh     compile all of it again",
    })
public final class PipelinesBuildCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "PLAN|MODEL.gguf|SHAPE:TYPE",
      arity = "0..*",
      description = "What to make pipelines of; a model or shape is compiled for metal first.")
  private List<String> subjects = List.of();

  @Mixin private PipelineFolder folder = new PipelineFolder();

  @Option(names = "--refresh", description = "Compiles again what is there already.")
  private boolean refresh;

  /** The command on a console. */
  public PipelinesBuildCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Map<String, Plan> plans = plans();
    Search search = MetalToolchain.find();
    Optional<String> noDevice = RunnableDevices.problem("metal");
    if (search instanceof Search.Missing(String reason) && noDevice.isPresent()) {
      throw new DeviceUnavailable(
          "nothing can be compiled here: %s; %s".formatted(reason, noDevice.get()));
    }
    if (refresh) {
      forget(search instanceof Search.Found, noDevice.isEmpty());
    }
    console.line("%s", folder.path());
    switch (search) {
      case Search.Found(MetalToolchain toolchain) -> libraries(toolchain);
      case Search.Missing(String reason) ->
          console.line("  no .metallib files: %s; kernel files are compiled by Metal", reason);
    }
    if (noDevice.isPresent()) {
      console.line("  no pipelines: %s", noDevice.get());
    } else {
      pipelines(plans);
    }
    return 0;
  }

  private Map<String, Plan> plans() throws IOException {
    Map<String, Plan> plans = new LinkedHashMap<>();
    for (String subject : subjects) {
      Plan plan = PlanInput.open(subject, CompileOptions.DEFAULTS.withDevice("metal"));
      if (!plan.device().equals("metal")) {
        throw new PlanException(
            subject + ": was compiled for " + plan.device() + "; only metal has pipelines");
      }
      PlanVerifier.check(plan);
      plans.put(subject, plan);
    }
    return plans;
  }

  /** Deletes what can be made anew. */
  private void forget(boolean libraries, boolean archives) throws IOException {
    for (CompiledFile file : CompiledFile.in(folder.path())) {
      if (file.isCurrent() && (file.kind() == Kind.LIBRARY ? libraries : archives)) {
        Files.delete(file.file());
      }
    }
  }

  private void libraries(MetalToolchain toolchain) throws IOException {
    List<String> problems = new ArrayList<>();
    int there = 0;
    List<String> files = KernelFiles.all();
    try (Progress progress = Progress.ofSteps(console, "kernel files", files.size())) {
      for (int i = 0; i < files.size(); i++) {
        KernelModules.Parsed kernels = KernelModules.of(files.get(i));
        Path library = PipelineFiles.library(folder.path(), kernels.hash());
        if (Files.isRegularFile(library)) {
          there++;
        } else {
          toolchain
              .compile(kernels.source().text(), files.get(i), library)
              .ifPresent(problems::add);
        }
        progress.reached(i + 1);
      }
    }
    int compiled = files.size() - there - problems.size();
    console.line(
        "  .metallib files: %d compiled by %s, %d were there",
        compiled, toolchain.version(), there);
    if (!problems.isEmpty()) {
      throw new PlanException(String.join("\n", problems));
    }
  }

  private void pipelines(Map<String, Plan> plans) throws IOException {
    if (plans.isEmpty()) {
      console.println("  no pipelines: name plans, models or shapes whose pipelines are wanted");
    }
    for (Map.Entry<String, Plan> plan : plans.entrySet()) {
      for (String note : PipelineBuild.build(plan.getValue(), folder.path())) {
        console.line("  %s: %s", plan.getKey(), note);
      }
    }
  }
}
