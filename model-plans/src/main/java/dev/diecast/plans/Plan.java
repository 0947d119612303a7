package dev.diecast.plans;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A compiled plan: everything that replay needs to run a model, except the weights. See {@code
 * plan.proto} for the file.
 *
 * @param producer the program and version that wrote it
 * @param model the model that it was compiled for
 * @param device {@code cpu}, {@code metal} or {@code cuda}
 * @param kernels the kernels in use; dispatches name them by index
 * @param buffers the buffers; bindings name them by index
 * @param tensors the weights in use and where they lie
 * @param programs {@code decode} and {@code prefill-N}
 * @param tuning choices taken from the tuning database
 * @param passes what each pass did
 */
public record Plan(
    String producer,
    ModelRef model,
    String device,
    List<KernelUse> kernels,
    List<PlanBuffer> buffers,
    List<PlanTensor> tensors,
    List<Program> programs,
    List<TuningChoice> tuning,
    List<PassReport> passes) {
  /** A plan with its own copies of the lists. */
  public Plan {
    kernels = List.copyOf(kernels);
    buffers = List.copyOf(buffers);
    tensors = List.copyOf(tensors);
    programs = List.copyOf(programs);
    tuning = List.copyOf(tuning);
    passes = List.copyOf(passes);
  }

  /** The same with other programs. */
  public Plan withPrograms(List<Program> others) {
    return new Plan(producer, model, device, kernels, buffers, tensors, others, tuning, passes);
  }

  /**
   * The program of that name.
   *
   * @throws PlanException when there is none, with the names that exist
   */
  public Program program(String name) {
    return programs.stream()
        .filter(program -> program.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new PlanException(
                "the plan has no program '%s'; it has %s"
                    .formatted(
                        name,
                        programs.stream().map(Program::name).collect(Collectors.joining(", ")))));
  }

  /** The program that consumes one token; throws {@link PlanException} when it is missing. */
  public Program decode() {
    return program(Program.DECODE);
  }

  /** One choice of the tuner, by kernel and shape. */
  public record TuningChoice(String key, String value) {}

  /** What a pass changed. */
  public record PassReport(String name, long changes, String summary) {}
}
