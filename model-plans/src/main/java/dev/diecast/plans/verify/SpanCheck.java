package dev.diecast.plans.verify;

import dev.diecast.plans.Dispatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that say which values of a slot a kernel touches: the last of them lies inside the
 * bound range, and none is written twice.
 */
final class SpanCheck {
  private final Findings findings;

  SpanCheck(Findings findings) {
    this.findings = findings;
  }

  void run(Call call) {
    for (Span span : KernelSpans.of(call)) {
      Dispatch.Binding binding = call.bound(span.slot());
      String fault = binding == null ? null : fault(call, span, binding);
      if (binding != null && fault != null) {
        findings.add(call.place(), "slot " + binding.slot() + ": " + span.slot() + ": " + fault);
      }
    }
  }

  private static @Nullable String fault(Call call, Span span, Dispatch.Binding binding) {
    boolean written = binding.access().writes();
    long width = span.width().in(call.args());
    if (width < 1) {
      return span.width() + " = " + width + " values";
    }
    List<Span.Step> steps = new ArrayList<>();
    try {
      for (Span.Axis axis : span.axes()) {
        long count = count(call, axis, written);
        long stride =
            axis.stride() == null ? Span.reach(width, steps) : axis.stride().in(call.args());
        if (count < 1 || stride < 0) {
          return axis.count() + " = " + count + " with a stride of " + stride;
        }
        steps.add(new Span.Step(count, stride));
      }
      long reach = Span.reach(width, steps);
      if (reach > binding.bytes() / span.valueBytes()) {
        return described(width, steps) + " are not inside its " + binding.bytes() + " bytes";
      }
    } catch (ArithmeticException e) {
      return described(width, steps) + " and more are too many";
    }
    return written && !Span.disjoint(width, steps)
        ? described(width, steps) + " overlap, but they are written"
        : null;
  }

  /** With last_only a kernel reads the row of any token and writes one. */
  private static long count(Call call, Span.Axis axis, boolean written) {
    boolean tokens = axis.count().toString().equals("n_tokens");
    return tokens && written && call.takes("last_only") && call.args().i32("last_only") == 1
        ? 1
        : axis.count().in(call.args());
  }

  private static String described(long width, List<Span.Step> steps) {
    StringBuilder text = new StringBuilder().append(width).append(" values");
    for (Span.Step step : steps) {
      text.append(", ").append(step.count()).append(" times every ").append(step.stride());
    }
    return text.toString();
  }
}
