package dev.diecast.capture.lower;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Value;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.StepState;

/**
 * Everything that lowering an operation looks up.
 *
 * @param tokens the most tokens of a step
 * @param splits context splits of attention
 * @param tokenIds the step's token ids, int32
 */
record StepContext(
    int tokens,
    int splits,
    Placements placements,
    WeightTable weights,
    KvTable caches,
    ConstantTable constants,
    TicketTable tickets,
    Region state,
    Span tokenIds,
    Span ring) {

  /** Bytes of the fields that a kernel reads to know its tokens and position. */
  private static final long STEP_FIELDS = 8;

  Layout input(Node node, int index) {
    if (index >= node.inputs().size()) {
      throw new PlanException(node.label() + " lacks operand " + index);
    }
    return placements.of(node.inputs().get(index));
  }

  Layout output(Node node) {
    return placements.of(node.output());
  }

  Layout at(Value value) {
    return placements.of(value);
  }

  /** A call for a node, with the step state bound where the kernel reads it. */
  KernelCall call(String kernel, Node node) {
    return call(kernel, node, node.label());
  }

  /** The same under another label, for nodes that take several kernels. */
  KernelCall call(String kernel, Node node, String label) {
    return new KernelCall(kernel, label, node.layer(), node.sources())
        .bind("step", stateSpan(), STEP_FIELDS);
  }

  /** All of the step state. */
  Span stateSpan() {
    return new Span(state, 0, StepState.BYTES);
  }

  /** Fails with the node's label unless the condition holds. */
  static void require(boolean condition, Node node, String message) {
    if (!condition) {
      throw new PlanException(node.label() + ": " + message);
    }
  }

  /** The layout, which must be one dense row per token. */
  static Layout row(Layout layout, Node node) {
    require(layout.dense(), node, "its operand's rows do not lie side by side");
    return layout;
  }
}
