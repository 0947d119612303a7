package dev.diecast.tools.check;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.tools.check.PlanOutput.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which values of the graph a plan's dispatches write. A dispatch belongs to the node that computes
 * the same traced operations. Its slots {@code y}, {@code y_0} to {@code y_3}, {@code ids} and
 * {@code weights} are the node's outputs in order; slots that name a cache are what the node
 * remembers. Nothing else that kernels write outlives them.
 */
final class OutputMap {
  private final Map<Work, Node> nodes = new HashMap<>();
  private final Plan plan;

  private OutputMap(Graph graph, Plan plan) {
    this.plan = plan;
    for (Node node : graph.nodes()) {
      if (!isView(node.op())
          && nodes.put(new Work(node.sources(), node.op() instanceof Op.Embed), node) != null) {
        throw new PlanException("two operations of the graph are called " + node.sources());
      }
    }
  }

  /** What tells nodes apart: a table that is also the output's weights gives both its name. */
  private record Work(List<String> sources, boolean embeds) {}

  private static boolean isView(Op op) {
    return op instanceof Op.Reshape || op instanceof Op.Slice || op instanceof Op.Concat;
  }

  /** What a dispatch does, and the values it writes. */
  record Mapped(Dispatch dispatch, String kernel, Node node, List<PlanOutput> outputs) {}

  /**
   * Maps the dispatches of a program.
   *
   * @param graph the graph that the plan was lowered from, after the passes
   */
  static List<Mapped> of(Graph graph, Plan plan, Program program) {
    OutputMap map = new OutputMap(graph, plan);
    return program.dispatches().stream().map(map::mapped).toList();
  }

  private Mapped mapped(Dispatch dispatch) {
    String name = plan.kernels().get(dispatch.kernel()).name();
    Node node = nodes.get(new Work(dispatch.sourceOps(), name.startsWith("embed_")));
    if (node == null) {
      throw new PlanException(
          "dispatch "
              + dispatch.label()
              + ": no node of the model's graph computes the same; was the plan compiled by"
              + " another version?");
    }
    return new Mapped(dispatch, name, node, outputs(dispatch, KernelCatalog.get(name), node));
  }

  private static List<PlanOutput> outputs(Dispatch dispatch, KernelContract kernel, Node node) {
    ArgReader args = kernel.args().reader(dispatch.args());
    List<PlanOutput> outputs = new ArrayList<>();
    int written = 0;
    int produced = 0;
    for (Dispatch.Binding binding : dispatch.bindings()) {
      if (!binding.access().writes()) {
        continue;
      }
      String slot = kernel.slots().get(binding.slot()).name();
      if (holdsOutput(slot)) {
        if (produced == node.outputs().size()) {
          throw new PlanException(
              "dispatch %s: writes %s, which the operations %s of the graph do not compute"
                  .formatted(dispatch.label(), slot, dispatch.sourceOps()));
        }
        Value value = node.outputs().get(produced++);
        Kind kind = slot.equals("ids") ? Kind.INT32 : Kind.FLOAT32;
        long stride = rowStride(slot, kernel, args, value);
        outputs.add(new PlanOutput(dispatch.label(), slot, value, written, kind, stride, 0));
      } else if (slot.endsWith("cache")) {
        outputs.add(cached(slot, node, written, args));
      }
      written++;
    }
    return List.copyOf(outputs);
  }

  private static boolean holdsOutput(String slot) {
    return slot.equals("y")
        || slot.startsWith("y_")
        || slot.equals("ids")
        || slot.equals("weights");
  }

  private static long rowStride(String slot, KernelContract kernel, ArgReader args, Value value) {
    for (String rows : List.of("head", "slot")) {
      String name = slot + "_" + rows + "_stride";
      if (kernel.args().fields().stream().anyMatch(field -> field.name().equals(name))) {
        return args.i32(name);
      }
    }
    return value.width();
  }

  private static PlanOutput cached(String slot, Node node, int written, ArgReader args) {
    // k_cache belongs to k_row_stride, cache to row_stride.
    long stride = args.i32(slot.substring(0, slot.length() - "cache".length()) + "row_stride");
    Value remembered = remembered(slot, node);
    Value row = new Value(remembered.id(), 1, Math.toIntExact(remembered.elements()));
    return new PlanOutput(node.label(), slot, row, written, Kind.FLOAT16, row.width(), stride);
  }

  private static Value remembered(String slot, Node node) {
    List<Node> writes =
        (node.op() instanceof FusedOp.Group group ? group.body() : List.of(node))
            .stream().filter(part -> part.op() instanceof Op.KvWrite).toList();
    return writes.stream()
        .filter(write ->
            !(node.op() instanceof FusedOp.HeadsPrepare heads)
                || ((Op.KvWrite) write.op())
                    .cache()
                    .equals(slot.equals("k_cache") ? heads.k() : heads.v()))
        .findFirst()
        .orElseThrow(() -> new PlanException(node.label() + ": remembers nothing for " + slot))
        .inputs()
        .getFirst();
  }
}
