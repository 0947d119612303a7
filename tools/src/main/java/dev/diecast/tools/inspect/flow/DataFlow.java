package dev.diecast.tools.inspect.flow;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The data dependencies of a program (read after write), from the byte ranges of its bindings
 * alone. What a step reads of the step before, such as older tokens in the KV cache, is none.
 */
public final class DataFlow {
  private final Plan plan;
  private final ArenaValues values;
  private final Map<Integer, WrittenRanges> written = new HashMap<>();
  private final Map<Edge, Long> edges = new LinkedHashMap<>();

  private record Edge(int from, int to, String value) {}

  private record Range(int buffer, long from, long to) {}

  private DataFlow(Plan plan, Program program) {
    this.plan = plan;
    this.values = new ArenaValues(program);
  }

  /**
   * The dependencies of a program, by reader, then writer. Bindings that hold no bytes count not.
   */
  public static List<Dependency> of(Plan plan, Program program) {
    DataFlow flow = new DataFlow(plan, program);
    for (int i = 0; i < program.dispatches().size(); i++) {
      flow.dispatch(i, program.dispatches().get(i));
    }
    return flow.edges.entrySet().stream()
        .map(e ->
            new Dependency(
                e.getKey().from, e.getKey().to, e.getKey().value, Math.max(0, e.getValue())))
        .sorted(Comparator.comparingInt(Dependency::to).thenComparingInt(Dependency::from))
        .toList();
  }

  private void dispatch(int index, Dispatch dispatch) {
    for (Range read : reads(dispatch)) {
      WrittenRanges ranges = written.get(read.buffer);
      if (ranges != null) {
        ranges.visit(
            read.from, read.to, (writer, from, to) -> read(writer, index, read.buffer, from, to));
      }
    }
    for (Dispatch.Binding binding : dispatch.bindings()) {
      if (binding.access().writes() && holds(binding)) {
        written
            .computeIfAbsent(binding.buffer(), _ -> new WrittenRanges())
            .write(index, binding.offset(), binding.offset() + binding.bytes());
      }
    }
  }

  private void read(int writer, int reader, int buffer, long from, long to) {
    String value =
        plan.buffers().get(buffer) instanceof PlanBuffer.Arena
            ? values.at(writer, from).orElse(plan.buffers().get(buffer).name())
            : plan.buffers().get(buffer).name();
    edges.merge(new Edge(writer, reader, value), to - from, Long::sum);
  }

  /** What a dispatch reads, as ranges that share no bytes. */
  private List<Range> reads(Dispatch dispatch) {
    List<Range> ranges =
        dispatch.bindings().stream()
            .filter(binding -> binding.access().reads() && holds(binding))
            .map(b -> new Range(b.buffer(), b.offset(), b.offset() + b.bytes()))
            .sorted(Comparator.comparingInt(Range::buffer).thenComparingLong(Range::from))
            .toList();
    List<Range> disjoint = new ArrayList<>();
    for (Range range : ranges) {
      Range last = disjoint.isEmpty() ? null : disjoint.getLast();
      if (last != null && last.buffer == range.buffer && last.to >= range.from) {
        disjoint.set(
            disjoint.size() - 1, new Range(last.buffer, last.from, Math.max(last.to, range.to)));
      } else {
        disjoint.add(range);
      }
    }
    return disjoint;
  }

  /** Inspection shows broken plans too, so it takes nothing for granted. */
  private boolean holds(Dispatch.Binding binding) {
    return binding.buffer() >= 0
        && binding.buffer() < plan.buffers().size()
        && binding.offset() >= 0
        && binding.bytes() > 0
        && binding.bytes() <= Long.MAX_VALUE - binding.offset();
  }
}
