package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.kernels.msl.SourceLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns what the runtime states into sentences with lines. */
final class FindingText {
  private final List<RawFinding> raw;
  private final Map<Long, SourceLine> lines;
  private final MslKernel kernel;

  FindingText(HostLibrary library, MslKernel kernel, List<RawFinding> raw) {
    this.kernel = kernel;
    this.raw = raw;
    Set<Long> addresses = new HashSet<>();
    for (RawFinding finding : raw) {
      addresses.add(finding.pc());
      addresses.add(finding.otherPc());
    }
    addresses.remove(0L);
    this.lines = library.lines().of(addresses);
  }

  /** One for each line and message; the runtime tells apart what a compiler may have doubled. */
  List<HostFinding> findings() {
    var all = new ArrayList<HostFinding>();
    for (RawFinding finding : raw) {
      if (!sameOperation(finding)) {
        all.add(new HostFinding(finding.kind(), where(finding), message(finding), finding.count()));
      }
    }
    return all;
  }

  /** Threads met at two addresses, but of one line: the compiler has copied the operation. */
  private boolean sameOperation(RawFinding f) {
    boolean meeting = f.kind() == HostFinding.Kind.BARRIER || f.kind() == HostFinding.Kind.SIMD;
    return meeting
        && f.lacking() == 0
        && f.name().equals(f.otherName())
        && line(f.pc()).isPresent()
        && line(f.pc()).equals(line(f.otherPc()));
  }

  /** The line of the access, or that of the kernel where the compiler kept none. */
  private SourceLine where(RawFinding finding) {
    return line(finding.pc()).orElse(kernel.where());
  }

  private Optional<SourceLine> line(long pc) {
    return Optional.ofNullable(lines.get(pc));
  }

  private String message(RawFinding f) {
    return switch (f.kind()) {
      case RACE ->
          "race on '%s' byte %d: %s by %s, and earlier a %s by %s%s, with nothing between that orders them"
              .formatted(
                  f.name(),
                  f.offset(),
                  verb(f.write()),
                  thread(f.thread(), f.group()),
                  verb(f.otherWrite()),
                  thread(f.otherThread(), f.otherGroup()),
                  at(f.otherPc()));
      case OUT_OF_BOUNDS ->
          "%s of %d bytes out of bounds: byte %d of '%s', by %s"
              .formatted(
                  verb(f.write()), f.bytes(), f.offset(), f.name(), thread(f.thread(), f.group()));
      case READ_ONLY ->
          "write of %d bytes to the read-only '%s' byte %d, by %s"
              .formatted(f.bytes(), f.name(), f.offset(), thread(f.thread(), f.group()));
      case UNINITIALISED ->
          "read of '%s' byte %d, which nobody has written, by %s"
              .formatted(f.name(), f.offset(), thread(f.thread(), f.group()));
      case MISALIGNED ->
          "access to byte %d of '%s', which is not aligned for its type, by %s"
              .formatted(f.offset(), f.name(), thread(f.thread(), f.group()));
      case BARRIER, SIMD -> divergence(f);
      case ARRAY_INDEX ->
          "index %d is outside the array, in %s"
              .formatted(f.offset(), thread(f.thread(), f.group()));
      case FAULT ->
          "the processor refused this (signal %d: %s), in %s"
              .formatted(f.offset(), signal(f.offset()), thread(f.thread(), f.group()));
      case TIMEOUT ->
          "the dispatch did not end in time; %s was here".formatted(thread(f.thread(), f.group()));
    };
  }

  private String divergence(RawFinding f) {
    String who = thread(f.thread(), f.group());
    if (f.lacking() == 0) {
      return "%s by %s, while thread %d waits in %s%s"
          .formatted(f.name(), who, f.otherThread(), f.otherName(), at(f.otherPc()));
    }
    String others = "%d threads do not come".formatted(f.lacking());
    String fate =
        f.otherName().equals("return")
            ? "they have returned"
            : "thread %d waits in %s%s".formatted(f.otherThread(), f.otherName(), at(f.otherPc()));
    return "%s in diverged control flow: %s waits, %s (%s)".formatted(f.name(), who, others, fate);
  }

  private String at(long pc) {
    return line(pc).map(l -> " at " + l).orElse("");
  }

  private static String verb(boolean write) {
    return write ? "write" : "read";
  }

  private static String thread(int thread, long group) {
    return "thread " + thread + " of threadgroup " + group;
  }

  private static String signal(long number) {
    return switch ((int) number) {
      case 4 -> "illegal instruction";
      case 7, 11 -> "no such memory, or the thread's stack is full";
      case 8 -> "integer division by zero";
      default -> "unknown";
    };
  }
}
