package dev.diecast.capture.lower;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.tuning.Tuning;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.StepState;

/**
 * Everything that lowering an operation looks up.
 *
 * @param tokens the most tokens of a step
 * @param defaultSplits context splits of attention where none were measured
 * @param tuning measured choices
 * @param tokenIds the step's token ids, int32
 */
record StepContext(
    int tokens,
    int defaultSplits,
    Tuning tuning,
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

  private static final int MOST_SPLITS = 1024;

  /** Context splits of an attention; only steps of one token are measured. */
  int splits(Op.Attention op, int heads) {
    if (tokens != 1) {
      return defaultSplits;
    }
    String shape =
        "heads=%d kv_heads=%d dk=%d dv=%d".formatted(heads, op.kvHeads(), op.dk(), op.dv());
    return tuning.choose("attention", shape, "splits", defaultSplits, 1, MOST_SPLITS);
  }

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
