package dev.diecast.tools.model;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A plan by name: a plan file, or a model or shape that is compiled on the spot. */
public final class PlanInput {
  private PlanInput() {}

  /** Whether that is a plan file. */
  public static boolean isPlan(String named) throws IOException {
    Path file = Path.of(named);
    return Files.exists(file) && FileKind.of(file) == FileKind.PLAN;
  }

  /** Reads the plan file, or compiles the model or shape of that name. */
  public static Plan open(String named, CompileOptions options) throws IOException {
    if (isPlan(named)) {
      return PlanFiles.read(Path.of(named));
    }
    try (CompileInput input = CompileInput.open(named)) {
      return PlanCompiler.compile(input.source(), options);
    }
  }
}
