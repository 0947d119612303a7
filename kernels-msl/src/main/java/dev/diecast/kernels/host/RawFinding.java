package dev.diecast.kernels.host;

import static dev.diecast.kernels.host.NativeLayouts.FINDING;
import static dev.diecast.kernels.host.NativeLayouts.getInt;
import static dev.diecast.kernels.host.NativeLayouts.getLong;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** A finding as the runtime states it: {@code struct finding} of {@code runtime.h}. */
record RawFinding(
    HostFinding.Kind kind,
    boolean write,
    boolean otherWrite,
    int thread,
    int otherThread,
    int lacking,
    long group,
    long otherGroup,
    long pc,
    long otherPc,
    long offset,
    long bytes,
    long count,
    String name,
    String otherName) {

  /** In the order of {@code enum finding_kind}. */
  private static final List<HostFinding.Kind> KINDS =
      List.of(
          HostFinding.Kind.RACE,
          HostFinding.Kind.OUT_OF_BOUNDS,
          HostFinding.Kind.READ_ONLY,
          HostFinding.Kind.UNINITIALISED,
          HostFinding.Kind.MISALIGNED,
          HostFinding.Kind.BARRIER,
          HostFinding.Kind.SIMD,
          HostFinding.Kind.ARRAY_INDEX,
          HostFinding.Kind.FAULT,
          HostFinding.Kind.TIMEOUT);

  static RawFinding read(MemorySegment at) {
    return new RawFinding(
        KINDS.get(getInt(FINDING, at, "kind")),
        getInt(FINDING, at, "write") != 0,
        getInt(FINDING, at, "other_write") != 0,
        getInt(FINDING, at, "thread"),
        getInt(FINDING, at, "other_thread"),
        getInt(FINDING, at, "lacking"),
        getLong(FINDING, at, "group"),
        getLong(FINDING, at, "other_group"),
        getLong(FINDING, at, "pc"),
        getLong(FINDING, at, "other_pc"),
        getLong(FINDING, at, "offset"),
        getLong(FINDING, at, "bytes"),
        getLong(FINDING, at, "count"),
        at.getString(NativeLayouts.offset(FINDING, "name")),
        at.getString(NativeLayouts.offset(FINDING, "other_name")));
  }
}
