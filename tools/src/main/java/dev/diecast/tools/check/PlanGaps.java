package dev.diecast.tools.check;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a plan's decode program lies from the interpreter.
 *
 * @param name the plan
 * @param dispatches in the order in which they ran
 * @param logits the greatest gap of a row of logits
 * @param judged tokens whose logits were compared
 * @param other where experts were chosen that are nearly tied with the interpreter's, if they were;
 *     nothing after that was compared
 */
public record PlanGaps(
    String name,
    List<DispatchGaps> dispatches,
    Gap logits,
    int judged,
    @Nullable OtherChoice other) {
  /** Gaps with their own copy of the list. */
  public PlanGaps {
    dispatches = List.copyOf(dispatches);
  }

  /**
   * A dispatch and the values that it writes.
   *
   * @param index in the program
   * @param outputs none for what leaves no value of the trace, such as sampling
   */
  public record DispatchGaps(
      int index, String label, String kernel, List<String> sources, List<OutputGap> outputs) {
    /** Gaps with their own copies of the lists. */
    public DispatchGaps {
      sources = List.copyOf(sources);
      outputs = List.copyOf(outputs);
    }

    /** The greatest relative gap of its outputs. */
    public double relative() {
      return outputs.stream().mapToDouble(output -> output.gap().relative()).max().orElse(0);
    }
  }

  /**
   * The greatest gap of one output.
   *
   * @param slot the kernel's slot
   * @param compared whether the trace has that value
   * @param position the token whose relative gap is the greatest, -1 before any
   */
  public record OutputGap(String slot, boolean compared, Gap gap, int position) {
    OutputGap with(Gap next, int at) {
      boolean worse = position < 0 || next.relative() > gap.relative();
      return new OutputGap(slot, true, gap.max(next), worse ? at : position);
    }
  }

  /** The first choice of other experts. */
  public record OtherChoice(int position, int dispatch, String label) {}

  /** The first dispatch beyond a tolerance, in the order in which they run, or null. */
  public @Nullable DispatchGaps firstBeyond(double tolerance) {
    return dispatches.stream().filter(d -> d.relative() > tolerance).findFirst().orElse(null);
  }

  /** Dispatches by gap, the worst first. */
  public List<DispatchGaps> worstFirst() {
    return dispatches.stream()
        .sorted(Comparator.comparingDouble(DispatchGaps::relative).reversed())
        .toList();
  }

  /** Whether everything lies within the tolerance. */
  public boolean within(Tolerance tolerance) {
    return logits.relative() <= tolerance.logits() && firstBeyond(tolerance.dispatch()) == null;
  }
}
