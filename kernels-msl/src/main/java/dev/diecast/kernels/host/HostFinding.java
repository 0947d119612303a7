package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.SourceLine;

/**
 * A defect that a dispatch showed.
 *
 * @param kind what sort of defect
 * @param where the line of the access or the operation; the kernel's where the compiler kept none
 * @param message what happened, naming memory, bytes and threads
 * @param count how often
 */
public record HostFinding(Kind kind, SourceLine where, String message, long count) {

  /** Sorts of defects. */
  public enum Kind {
    /** Two accesses that nothing orders, one of them a write. */
    RACE,
    /** Memory that no binding holds. */
    OUT_OF_BOUNDS,
    /** A write to a buffer that the kernel declares const. */
    READ_ONLY,
    /** A read of memory that nobody wrote. */
    UNINITIALISED,
    /** An access at an address that its type does not allow. */
    MISALIGNED,
    /** A threadgroup barrier that some threads do not reach. */
    BARRIER,
    /** A simd operation that some lanes do not reach. */
    SIMD,
    /** An index outside an array of known size. */
    ARRAY_INDEX,
    /** The processor refused an instruction. */
    FAULT,
    /** The dispatch did not end. */
    TIMEOUT
  }

  @Override
  public String toString() {
    return where + ": " + message;
  }
}
