package dev.diecast.capture.lower;

import dev.diecast.kernels.Access;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Turns scheduled drafts into programs; all programs share kernels and the arena. */
final class ProgramEmitter {
  private final Map<KernelUse, Integer> kernels = new LinkedHashMap<>();
  private final Launcher launcher;
  private final int arenaBuffer;
  private long arenaBytes;

  ProgramEmitter(Launcher launcher, int arenaBuffer) {
    this.launcher = launcher;
    this.arenaBuffer = arenaBuffer;
  }

  /** The program of a schedule, its arena planned and its barriers set. */
  Program emit(String name, int tokens, Schedule schedule) {
    Lifetimes lifetimes = Lifetimes.of(schedule);
    List<Interval> intervals = lifetimes.intervals();
    ArenaPlanner.Arena arena = ArenaPlanner.plan(intervals);
    if (arena.bytes() > BufferTable.LIMIT) {
      throw new PlanException(
          name + ": the arena takes " + arena.bytes() + " bytes, more than one buffer can have");
    }
    arenaBytes = Math.max(arenaBytes, arena.bytes());
    Map<Region.Scratch, Long> offsets = lifetimes.offsets(arena.offsets());
    List<List<Binding>> bindings = new ArrayList<>();
    for (Draft draft : schedule.drafts()) {
      bindings.add(draft.touches().stream().map(t -> binding(t, offsets)).toList());
    }
    List<Boolean> barriers = HazardPlanner.barriers(bindings);
    List<Dispatch> dispatches = new ArrayList<>();
    for (int i = 0; i < schedule.size(); i++) {
      dispatches.add(dispatch(schedule.drafts().get(i), tokens, bindings.get(i), barriers.get(i)));
    }
    return new Program(
        name,
        tokens,
        dispatches,
        ArenaPlanner.lowerBound(intervals, schedule.size()),
        lifetimes.naiveBytes(),
        lifetimes.values(offsets));
  }

  /** Bytes that the hungriest program so far needs. */
  long arenaBytes() {
    return arenaBytes;
  }

  /** The kernels of all programs so far, in order of first use. */
  List<KernelUse> kernels() {
    return List.copyOf(kernels.keySet());
  }

  private Dispatch dispatch(Draft draft, int tokens, List<Binding> bindings, boolean barrier) {
    Launcher.Launched launched = launcher.launch(draft, tokens);
    return new Dispatch(
        kernels.computeIfAbsent(launched.use(), key -> kernels.size()),
        draft.label(),
        draft.layer(),
        launched.grid(),
        launched.threadgroup(),
        bindings,
        draft.args(),
        barrier,
        draft.sources(),
        draft.weightBytes(),
        draft.activationBytes(),
        draft.flops());
  }

  private Binding binding(Draft.Touch touch, Map<Region.Scratch, Long> offsets) {
    Span span = touch.span();
    int buffer;
    long base;
    switch (span.region()) {
      case Region.Fixed fixed -> {
        buffer = fixed.buffer();
        base = 0;
      }
      case Region.Scratch scratch -> {
        buffer = arenaBuffer;
        base = Objects.requireNonNull(offsets.get(scratch));
      }
    }
    return new Binding(
        touch.slot().index(),
        buffer,
        base + span.offset(),
        span.bytes(),
        access(touch.slot().access()),
        touch.expert());
  }

  private static Dispatch.Access access(Access access) {
    return switch (access) {
      case READ -> Dispatch.Access.READ;
      case WRITE -> Dispatch.Access.WRITE;
      case READ_WRITE -> Dispatch.Access.READ_WRITE;
    };
  }
}
