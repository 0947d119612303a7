package dev.diecast.tools.command;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanFiles;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.tools.model.FileKind;
import dev.diecast.tools.model.ReadyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which model runs: a GGUF, or a plan and its GGUF. */
final class ModelOptions {
  @Parameters(paramLabel = "MODEL.gguf|PLAN", description = "A model, or a plan with --model.")
  private Path file = Path.of("");

  @Option(names = "--model", paramLabel = "GGUF", description = "The weights of the plan.")
  private @Nullable Path weights;

  @Option(
      names = "--plan",
      paramLabel = "P",
      description = "Replays this plan instead of compiling one for the model.")
  private @Nullable Path plan;

  ModelOptions() {}

  /** Refuses a command line that names no model, where picocli was told not to. */
  void requireFile(CommandSpec spec) {
    if (file.equals(Path.of(""))) {
      throw misuse(spec, "Missing required parameter: 'MODEL.gguf|PLAN'");
    }
  }

  /** Opens what was named, with the model's usual context unless the user says how many tokens. */
  ReadyModel open(CommandSpec spec, EngineOptions engine) throws IOException {
    return open(spec, engine, model -> 0);
  }

  /** The same with the context that a function of the model gives. */
  ReadyModel open(CommandSpec spec, EngineOptions engine, ToLongFunction<ModelSource> context)
      throws IOException {
    if (FileKind.of(file) == FileKind.GGUF) {
      if (weights != null) {
        throw misuse(spec, "--model goes with a plan, but " + file + " is a GGUF already");
      }
      if (plan == null) {
        return ReadyModel.compile(file, model -> engine.compile(model, context), engine.session());
      }
      return replay(spec, engine, file, plan);
    }
    if (plan != null) {
      throw misuse(spec, file + " is not a GGUF; --plan goes with one");
    }
    if (weights == null) {
      throw misuse(spec, file + " is not a GGUF; if it is a plan, say --model GGUF too");
    }
    return replay(spec, engine, weights, file);
  }

  private static ReadyModel replay(CommandSpec spec, EngineOptions engine, Path model, Path plan) {
    if (engine.hasContext()) {
      throw misuse(spec, "--context is fixed when a plan is compiled");
    }
    // A plan has its device, which may be there although the usual one of a model is not.
    return ReadyModel.replay(model, () -> planFor(spec, engine, plan), engine.sessionOfPlan());
  }

  private static Plan planFor(CommandSpec spec, EngineOptions engine, Path file) {
    Plan plan = PlanFiles.read(file);
    if (engine.device().contradicts(plan.device())) {
      throw misuse(
          spec, file + " was compiled for " + plan.device() + ", which --device cannot change");
    }
    return plan;
  }

  private static ParameterException misuse(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
