package dev.diecast.capture.cost;

import dev.diecast.capture.cost.DispatchCost.Bound;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicts what a plan costs on a device when the KV cache holds a number of tokens.
 *
 * <p>Dispatches between two barriers form a stage and may run at once; stages run one after the
 * other. With {@code t_i = max(bytes_i / bandwidth, flops_i / float32)} for each of the n
 * dispatches of a stage,
 *
 * <pre>
 * work(stage) = max(sum of bytes_i / bandwidth, sum of flops_i / float32, largest t_i)
 * time(stage) = work(stage) + n * dispatch cost + barrier cost
 * </pre>
 *
 * where the barrier cost is what a dependent dispatch costs more than a free one. The first stage
 * pays it as well: it waits for the token before. The time of a program is the sum of its stages.
 * This is the roofline model with a fixed launch cost; it knows nothing of caches or of matrices
 * too small to fill the device, so it errs on the fast side.
 */
public final class CostModel {
  /** Tokens in the cache unless somebody says otherwise: about the middle of a short answer. */
  public static final long DEFAULT_DEPTH = 128;

  private final Plan plan;
  private final CostProfile profile;
  private final long depth;

  private CostModel(Plan plan, CostProfile profile, long depth) {
    this.plan = plan;
    this.profile = profile;
    this.depth = depth;
  }

  /** The model at {@link #DEFAULT_DEPTH}, or at a full cache where that is less. */
  public static CostModel of(Plan plan, CostProfile profile) {
    return new CostModel(plan, profile, Math.min(DEFAULT_DEPTH, plan.model().context()));
  }

  /** The model with that many tokens in the cache; an error when they do not fit. */
  public static CostModel at(Plan plan, CostProfile profile, long depth) {
    if (depth < 0 || depth > plan.model().context()) {
      throw new PlanException(
          "depth " + depth + " is not within the plan's context of " + plan.model().context());
    }
    return new CostModel(plan, profile, depth);
  }

  /** What one dispatch costs; its stage is looked at as a whole. */
  public DispatchCost cost(Program program, int dispatch) {
    return cost(program).dispatches().get(dispatch);
  }

  /** What a run of the program costs. */
  public ProgramCost cost(Program program) {
    List<DispatchCost> costs = new ArrayList<>();
    List<DispatchTraffic> stage = new ArrayList<>();
    int stages = 0;
    for (Dispatch dispatch : program.dispatches()) {
      if (dispatch.barrierBefore() && !stage.isEmpty()) {
        addStage(stages++, stage, costs);
        stage.clear();
      }
      stage.add(DispatchTraffic.of(plan, dispatch, filled(program)));
    }
    if (!stage.isEmpty()) {
      addStage(stages++, stage, costs);
    }
    return new ProgramCost(
        profile,
        depth,
        program.tokens(),
        costs,
        stages,
        Math.max(0, stages - 1),
        costs.stream().mapToDouble(DispatchCost::predictedMicros).sum(),
        roofline(
            costs.stream().mapToLong(cost -> cost.weightBytes() + cost.kvBytes()).sum(),
            costs.stream().mapToLong(DispatchCost::flops).sum()));
  }

  /** The share of the cache that a run reads, its own rows included. */
  private double filled(Program program) {
    long context = plan.model().context();
    return context <= 0 ? 1 : Math.min(1.0, (depth + program.tokens()) / (double) context);
  }

  private void addStage(int number, List<DispatchTraffic> stage, List<DispatchCost> costs) {
    double memory = 0;
    double compute = 0;
    double slowest = 0;
    double alone = 0;
    for (DispatchTraffic traffic : stage) {
      memory += profile.memoryMicros(bytes(traffic));
      compute += profile.computeMicros(traffic.flops());
      slowest = Math.max(slowest, work(traffic));
      alone += work(traffic);
    }
    double work = Math.max(slowest, Math.max(memory, compute));
    double overlap = alone > 0 ? work / alone : 0;
    for (int i = 0; i < stage.size(); i++) {
      double overhead = profile.dispatchMicros() + (i == 0 ? profile.barrierMicros() : 0);
      costs.add(cost(number, stage.get(i), overhead, overlap));
    }
  }

  /**
   * @param overlap what a microsecond of work takes when the stage's dispatches run at once, 0 to 1
   */
  private DispatchCost cost(int stage, DispatchTraffic traffic, double overhead, double overlap) {
    double work = work(traffic);
    return new DispatchCost(
        stage,
        traffic.weightBytes(),
        traffic.kvBytes(),
        traffic.otherBytes(),
        traffic.flops(),
        work,
        overhead,
        overhead + work * overlap,
        roofline(traffic.weightBytes() + traffic.kvBytes(), traffic.flops()),
        bound(traffic, overhead));
  }

  private Bound bound(DispatchTraffic traffic, double overhead) {
    if (overhead >= work(traffic)) {
      return Bound.DISPATCH;
    }
    return profile.computeMicros(traffic.flops()) > profile.memoryMicros(bytes(traffic))
        ? Bound.COMPUTE
        : Bound.MEMORY;
  }

  private double work(DispatchTraffic traffic) {
    return Math.max(profile.memoryMicros(bytes(traffic)), profile.computeMicros(traffic.flops()));
  }

  private double roofline(long bytes, long flops) {
    return Math.max(profile.memoryMicros(bytes), profile.leastComputeMicros(flops));
  }

  private static long bytes(DispatchTraffic traffic) {
    return traffic.weightBytes() + traffic.kvBytes() + traffic.otherBytes();
  }
}
