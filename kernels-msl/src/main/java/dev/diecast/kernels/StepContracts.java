package dev.diecast.kernels;

import static dev.diecast.kernels.ArgType.I32;

import java.util.List;

/** The end of every step: sampling and the advance of the step state. */
final class StepContracts {
  private StepContracts() {}

  static List<KernelContract> contracts() {
    return List.of(
        Contract.named("sample")
            .meaning(
                "appends the step's tokens to step.history; when step.emit = 1 chooses step.sampled from logits by the parameters in step: repetition penalty over the history window, temperature (0 = greedy), top-k, top-p, min-p, then the random number of (step.seed, step.position + T - 1), the position of the last token")
            .reads("logits")
            .reads("tokens")
            .updates("step")
            .updates("scratch")
            .args(I32, "n_tokens", "n_vocab")
            .build(),
        Contract.named("advance")
            .meaning(
                "step.position += T; when step.emit = 1: step.token = step.sampled, ring[step.emitted % ring_size] = step.sampled, step.emitted += 1")
            .updates("step")
            .updates("ring")
            .args(I32, "n_tokens", "ring_size")
            .build());
  }
}
