package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;

import dev.diecast.capture.graph.Node;
import dev.diecast.plans.StepState;
import java.util.List;

/** The end of a step: sampling, then the advance of the step state. */
final class SampleLowering {
  /** Scratch of the sample kernel per token of the vocabulary. */
  private static final long SCRATCH = 8;

  private SampleLowering() {}

  static List<Draft> sample(Node node, StepContext step) {
    Layout logits = step.input(node, 0);
    require(logits.tokens() == 1 && logits.rows() == 1, node, "it reads one row of logits");
    long bytes = Math.multiplyExact(SCRATCH, logits.elements());
    Span scratch = new Span(new Region.Scratch(node.label() + ".scratch", bytes), 0, bytes);
    Draft sample =
        step.call("sample", node)
            .bind("logits", logits)
            .bind("tokens", step.tokenIds(), step.tokenIds().bytes())
            .bind("scratch", scratch, 2 * bytes)
            .arg("n_tokens", step.tokens())
            .arg("n_vocab", logits.elements())
            .build();
    Draft advance =
        step.call("advance", node, "advance")
            .bind("ring", step.ring(), Integer.BYTES)
            .arg("n_tokens", step.tokens())
            .arg("ring_size", StepState.RING_TOKENS)
            .build();
    return List.of(sample, advance);
  }
}
