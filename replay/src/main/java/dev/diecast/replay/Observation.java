package dev.diecast.replay;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.replay.device.Device;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Runs programs one dispatch at a time and shows an observer what each wrote. */
final class Observation {
  private final Device device;
  private final DispatchObserver observer;
  // By program and dispatch.
  private final List<List<List<MemorySegment>>> written;

  Observation(Plan plan, Device device, DispatchObserver observer) {
    this.device = device;
    this.observer = observer;
    this.written = plan.programs().stream().map(program -> writtenBy(program, device)).toList();
  }

  void run(int program) {
    List<List<MemorySegment>> views = written.get(program);
    device.runEach(program, dispatch -> observer.ran(program, dispatch, views.get(dispatch)));
  }

  private static List<List<MemorySegment>> writtenBy(Program program, Device device) {
    return program.dispatches().stream()
        .map(dispatch ->
            dispatch.bindings().stream()
                .filter(binding -> binding.access().writes())
                .map(binding -> view(binding, device))
                .toList())
        .toList();
  }

  private static MemorySegment view(Dispatch.Binding binding, Device device) {
    return device.buffer(binding.buffer()).asSlice(binding.offset(), binding.bytes()).asReadOnly();
  }
}
