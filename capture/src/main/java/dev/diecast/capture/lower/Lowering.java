package dev.diecast.capture.lower;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.tuning.Tuning;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.Program;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.ModelSource;
import java.util.ArrayList;
import java.util.List;

/** From a graph to programs over buffers. */
public final class Lowering {
  private final Graph graph;
  private final DeviceProfile device;
  private final Tuning tuning;
  private final WeightTable weights;
  private final ConstantTable constants;
  private final KvTable caches;
  private final TicketTable tickets;
  private final Region state;
  private final Region logits;
  private final Region ring;
  private final Region prompt;
  private final BufferTable buffers = new BufferTable();

  private Lowering(
      Graph graph,
      ModelSource source,
      DeviceProfile device,
      Tuning tuning,
      int capacity,
      int prefillTokens) {
    this.graph = graph;
    this.device = device;
    this.tuning = tuning;
    weights = WeightTable.of(GraphConstants.tensors(graph), source, buffers, BufferTable.LIMIT);
    constants = ConstantTable.of(GraphConstants.frequencies(graph), buffers);
    caches = KvTable.of(graph.caches(), capacity, buffers, BufferTable.LIMIT);
    state = fixed(new PlanBuffer.State("state", StepState.BYTES));
    logits = fixed(new PlanBuffer.Io("logits", graph.logits().elements() * Layout.ELEMENT));
    ring = fixed(new PlanBuffer.Io("ring", (long) StepState.RING_TOKENS * Integer.BYTES));
    prompt =
        prefillTokens == 0
            ? state
            : fixed(new PlanBuffer.Io("prompt", (long) prefillTokens * Integer.BYTES));
    tickets = TicketTable.of(graph, Math.max(1, prefillTokens), buffers);
  }

  /** What lowering yields: everything of a plan but its description. */
  public record Lowered(
      List<KernelUse> kernels,
      List<PlanBuffer> buffers,
      List<PlanTensor> tensors,
      List<Program> programs) {
    /** A result with its own copies of the lists. */
    public Lowered {
      kernels = List.copyOf(kernels);
      buffers = List.copyOf(buffers);
      tensors = List.copyOf(tensors);
      programs = List.copyOf(programs);
    }
  }

  /**
   * Lowers a graph to the programs {@code decode} and, unless {@code prefillTokens} is 0, {@code
   * prefill-N}.
   *
   * @param graph a graph after the required passes
   * @param source the model that the graph's tensors belong to
   * @param device what to lower for
   * @param tuning measured choices for that device
   * @param capacity rows of each KV cache
   * @param prefillTokens tokens of a prefill step
   */
  public static Lowered lower(
      Graph graph,
      ModelSource source,
      DeviceProfile device,
      Tuning tuning,
      int capacity,
      int prefillTokens) {
    return new Lowering(graph, source, device, tuning, capacity, prefillTokens)
        .lowered(prefillTokens);
  }

  private Lowered lowered(int prefillTokens) {
    ProgramEmitter emitter = new ProgramEmitter(Launcher.of(device, tuning), buffers.next());
    List<Program> programs = new ArrayList<>();
    Span nextToken = new Span(state, StepState.TOKEN, Integer.BYTES);
    programs.add(emitter.emit(Program.DECODE, 1, schedule(1, nextToken)));
    if (prefillTokens > 0) {
      Span chunk = new Span(prompt, 0, (long) prefillTokens * Integer.BYTES);
      Schedule schedule = schedule(prefillTokens, chunk);
      programs.add(emitter.emit("prefill-" + prefillTokens, prefillTokens, schedule));
    }
    buffers.add(new PlanBuffer.Arena("arena", emitter.arenaBytes()));
    return new Lowered(emitter.kernels(), buffers.all(), weights.tensors(), programs);
  }

  private Schedule schedule(int tokens, Span tokenIds) {
    StepContext step =
        new StepContext(
            tokens,
            device.splits(tokens),
            tuning,
            Placements.of(graph, tokens, logits),
            weights,
            caches,
            constants,
            tickets,
            state,
            tokenIds,
            new Span(ring, 0, (long) StepState.RING_TOKENS * Integer.BYTES));
    OpLowering lowering = new OpLowering(step);
    List<Draft> drafts = new ArrayList<>();
    for (Node node : graph.nodes()) {
      drafts.addAll(lowering.lower(node));
    }
    return Schedule.of(drafts);
  }

  private Region fixed(PlanBuffer buffer) {
    return new Region.Fixed(buffers.add(buffer));
  }
}
