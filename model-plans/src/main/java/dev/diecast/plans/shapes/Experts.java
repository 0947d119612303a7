package dev.diecast.plans.shapes;

/**
 * The mixture of experts of a shape.
 *
 * @param count experts per layer; 0 for a dense model
 * @param used experts per token
 * @param width hidden width of one expert
 * @param shared experts that every token uses
 * @param gating how router logits become probabilities
 * @param scale factor on the weights of the chosen
 */
record Experts(int count, int used, int width, int shared, Gating gating, double scale) {
  /** The ways of routing. */
  enum Gating {
    /** Softmax over all experts. */
    SOFTMAX,
    /** Sigmoid per expert, a bias for the selection, weights divided by their sum. */
    SIGMOID_WITH_BIAS
  }

  boolean selectionBias() {
    return gating == Gating.SIGMOID_WITH_BIAS;
  }
}
