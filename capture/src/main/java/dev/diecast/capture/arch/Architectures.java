package dev.diecast.capture.arch;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.ModelSource;
import java.util.List;
import java.util.stream.Collectors;

/** The model families that Diecast knows. */
public final class Architectures {
  private static final List<Architecture> KNOWN =
      List.of(new Llama(), new Qwen2(), new Qwen3(), new Qwen3Moe(), new Deepseek2());

  private Architectures() {}

  /** All of them. */
  public static List<Architecture> all() {
    return KNOWN;
  }

  /** The family that a model's metadata names; an error that lists the known ones otherwise. */
  public static Architecture of(ModelSource source) {
    String name = source.metadata().text("general.architecture");
    for (Architecture architecture : KNOWN) {
      if (architecture.name().equals(name)) {
        return architecture;
      }
    }
    throw new PlanException(
        "%s: architecture '%s' is not known; known are %s"
            .formatted(
                source.location(),
                name,
                KNOWN.stream().map(Architecture::name).collect(Collectors.joining(", "))));
  }
}
