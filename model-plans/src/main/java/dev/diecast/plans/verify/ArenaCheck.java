package dev.diecast.plans.verify;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import dev.diecast.plans.Program.ArenaValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The lives of arena values. Values alive at one dispatch share no bytes; every binding lies in one
 * value alive there; and what a dispatch reads of a value, earlier dispatches of that value's life
 * have written. So no value is clobbered while it is needed, and no leftover is read.
 */
final class ArenaCheck {
  private final Plan plan;
  private final Program program;
  private final Findings findings;
  private final TreeMap<Long, Live> live = new TreeMap<>();
  private final PriorityQueue<Live> ending =
      new PriorityQueue<>(
          (a, b) -> Integer.compare(a.value.lastDispatch(), b.value.lastDispatch()));

  private ArenaCheck(Plan plan, Program program, Findings findings) {
    this.plan = plan;
    this.program = program;
    this.findings = findings;
  }

  /** A value during its life, the bytes written so far, and the value that it replaces in place. */
  private record Live(ArenaValue value, ByteRanges written, @Nullable Live replaced) {}

  static void run(Plan plan, Program program, long arenaBytes, Findings findings) {
    new ArenaCheck(plan, program, findings).run(arenaBytes);
  }

  private void run(long arenaBytes) {
    List<List<ArenaValue>> starting = starting(arenaBytes);
    for (int i = 0; i < program.dispatches().size(); i++) {
      while (!ending.isEmpty() && ending.peek().value.lastDispatch() < i) {
        Live ended = ending.remove();
        live.remove(ended.value.offset(), ended);
      }
      for (ArenaValue value : starting.get(i)) {
        begin(value);
      }
      dispatch(i, program.dispatches().get(i));
    }
  }

  private List<List<ArenaValue>> starting(long arenaBytes) {
    List<List<ArenaValue>> starting = new ArrayList<>();
    program.dispatches().forEach(_ -> starting.add(new ArrayList<>(0)));
    for (ArenaValue value : program.arenaValues()) {
      if (!Ranges.inside(value.offset(), value.bytes(), arenaBytes)) {
        add(value, "its bytes are not inside the arena of " + arenaBytes);
      } else if (value.firstDispatch() < 0
          || value.lastDispatch() < value.firstDispatch()
          || value.lastDispatch() >= program.dispatches().size()) {
        add(value, "it lives from " + value.firstDispatch() + " to " + value.lastDispatch());
      } else {
        starting.get(value.firstDispatch()).add(value);
      }
    }
    return starting;
  }

  private void begin(ArenaValue value) {
    Live replaced = null;
    Map.Entry<Long, Live> meeting = live.lowerEntry(value.offset() + value.bytes());
    if (meeting != null && end(meeting.getValue().value) > value.offset()) {
      replaced = meeting.getValue();
      if (!inPlace(replaced.value, value)) {
        add(value, "it shares bytes with " + described(replaced.value) + ", alive at once");
        return;
      }
    }
    Live begun = new Live(value, new ByteRanges(), replaced);
    live.put(value.offset(), begun);
    ending.add(begun);
  }

  private static boolean inPlace(ArenaValue old, ArenaValue value) {
    return old.offset() == value.offset()
        && old.bytes() == value.bytes()
        && old.firstDispatch() < value.firstDispatch()
        && old.lastDispatch() == value.firstDispatch();
  }

  private void dispatch(int index, Dispatch dispatch) {
    List<Dispatch.Binding> bindings = dispatch.bindings().stream().filter(this::inArena).toList();
    for (Dispatch.Binding binding : bindings) {
      if (holder(binding) == null) {
        findings.add(
            new Place(program, index),
            "slot "
                + binding.slot()
                + ": arena bytes "
                + binding.offset()
                + " + "
                + binding.bytes()
                + " lie in no value alive here");
      } else if (binding.access().reads() && !scratch(dispatch, binding)) {
        read(index, binding);
      }
    }
    for (Dispatch.Binding binding : bindings) {
      Live holder = holder(binding);
      if (holder != null && binding.access().writes()) {
        holder.written.assign(binding.offset(), binding.offset() + binding.bytes(), 0);
      }
    }
  }

  private void read(int index, Dispatch.Binding binding) {
    Live source = holder(binding);
    if (source != null && source.value.firstDispatch() == index && source.replaced != null) {
      source = source.replaced;
    }
    if (source == null) {
      return;
    }
    long gap = source.written.firstGap(binding.offset(), binding.offset() + binding.bytes());
    if (gap != ByteRanges.NONE) {
      findings.add(
          new Place(program, index),
          "slot "
              + binding.slot()
              + " reads "
              + source.value.label()
              + " before anything has written arena byte "
              + gap);
    }
  }

  /** The live value that holds the whole binding. */
  private @Nullable Live holder(Dispatch.Binding binding) {
    Map.Entry<Long, Live> entry = live.floorEntry(binding.offset());
    return entry != null && binding.offset() + binding.bytes() <= end(entry.getValue().value)
        ? entry.getValue()
        : null;
  }

  private boolean inArena(Dispatch.Binding binding) {
    return Ranges.holds(plan, binding)
        && plan.buffers().get(binding.buffer()) instanceof PlanBuffer.Arena;
  }

  /** A kernel writes its scratch before it reads it. */
  private boolean scratch(Dispatch dispatch, Dispatch.Binding binding) {
    if (dispatch.kernel() < 0 || dispatch.kernel() >= plan.kernels().size()) {
      return false;
    }
    return KernelCatalog.find(plan.kernels().get(dispatch.kernel()).name())
        .flatMap(contract ->
            contract.slots().stream().filter(s -> s.index() == binding.slot()).findFirst())
        .map(Slot::name)
        .filter("scratch"::equals)
        .isPresent();
  }

  private static long end(ArenaValue value) {
    return value.offset() + value.bytes();
  }

  private static String described(ArenaValue value) {
    return value.label()
        + " (bytes "
        + value.offset()
        + " + "
        + value.bytes()
        + ", dispatches "
        + value.firstDispatch()
        + " to "
        + value.lastDispatch()
        + ")";
  }

  private void add(ArenaValue value, String message) {
    findings.add("program " + program.name() + ", arena value " + described(value), message);
  }
}
