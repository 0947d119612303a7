package dev.diecast.tools.check;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.check.PlanGaps.OtherChoice;
import dev.diecast.tools.check.PlanGaps.OutputGap;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan in replay, each dispatch of which is held against the interpreter's values of the same
 * token. From the first choice of other experts on nothing is compared: what follows computes
 * something else.
 */
final class CheckedPlan implements AutoCloseable {
  private final String name;
  private final Reference reference;
  private final WeightReader weights;
  private final Tolerance tolerance;
  private final int decode;
  private final List<OutputMap.Mapped> dispatches;
  private final List<OutputGap[]> gaps = new ArrayList<>();
  private final Session session;
  private final float[] row;

  private Gap logits = Gap.NONE;
  private int judged;
  private @Nullable OtherChoice other;

  /**
   * Opens a session.
   *
   * @param name what the report calls the plan
   * @param graph the graph that the plan was lowered from
   * @param model the weights that are replayed
   * @param weights those that the reference reads
   */
  CheckedPlan(
      String name,
      Plan plan,
      Graph graph,
      GgufFile model,
      SessionOptions options,
      Reference reference,
      WeightReader weights,
      Tolerance tolerance) {
    this.name = name;
    this.reference = reference;
    this.weights = weights;
    this.tolerance = tolerance;
    this.decode = plan.programs().indexOf(plan.decode());
    this.dispatches = OutputMap.of(graph, plan, plan.decode());
    dispatches.forEach(mapped -> gaps.add(unseen(mapped)));
    this.session = Session.open(plan, model, options, this::ran);
    this.row = new float[session.vocab()];
  }

  private static OutputGap[] unseen(OutputMap.Mapped mapped) {
    return mapped.outputs().stream()
        .map(output -> new OutputGap(output.slot(), false, Gap.NONE, -1))
        .toArray(OutputGap[]::new);
  }

  /**
   * Consumes a token that the reference has just consumed, too.
   *
   * @param wanted its logits in float64
   * @return this plan's logits, or null when they rest on another choice of experts
   */
  double @Nullable [] step(int token, double[] wanted) {
    session.feed(token);
    if (other != null) {
      return null;
    }
    session.logits(row);
    double[] got = new double[row.length];
    Arrays.setAll(got, i -> row[i]);
    logits = logits.max(Gap.between(got, wanted));
    judged++;
    return got;
  }

  /** What was found. */
  PlanGaps found() {
    List<PlanGaps.DispatchGaps> list = new ArrayList<>();
    for (int i = 0; i < dispatches.size(); i++) {
      OutputMap.Mapped mapped = dispatches.get(i);
      list.add(
          new PlanGaps.DispatchGaps(
              i,
              mapped.dispatch().label(),
              mapped.kernel(),
              mapped.dispatch().sourceOps(),
              List.of(gaps.get(i))));
    }
    return new PlanGaps(name, list, logits, judged, other);
  }

  private void ran(int program, int dispatch, List<MemorySegment> written) {
    if (program != decode || other != null) {
      return;
    }
    OutputMap.Mapped mapped = dispatches.get(dispatch);
    int position = session.position();
    for (int i = 0; i < mapped.outputs().size() && other == null; i++) {
      PlanOutput output = mapped.outputs().get(i);
      double[] wanted = reference.value(output.value());
      if (wanted != null) {
        double[] got = output.read(written.get(output.written()), position);
        Gap gap = gap(mapped, dispatch, output, position, got, wanted);
        gaps.get(dispatch)[i] = gaps.get(dispatch)[i].with(gap, position);
      }
    }
  }

  private Gap gap(
      OutputMap.Mapped mapped,
      int dispatch,
      PlanOutput output,
      int position,
      double[] got,
      double[] wanted) {
    if (!(mapped.node().op() instanceof Op.Route route) || !output.slot().equals("ids")) {
      return Gap.between(got, wanted);
    }
    if (Arrays.equals(got, wanted)) {
      return Gap.NONE;
    }
    double[] scored = reference.value(mapped.node().inputs().getFirst());
    if (scored == null
        || !ExpertChoice.nearlyTied(route, weights, scored, got, wanted, tolerance.dispatch())) {
      return Gap.WRONG;
    }
    other = new OtherChoice(position, dispatch, mapped.dispatch().label());
    return Gap.NONE;
  }

  @Override
  public void close() {
    session.close();
  }
}
