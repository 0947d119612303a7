package dev.diecast.replay.cpu;

import dev.diecast.kernels.ArgReader;

/** The resolved arguments of one dispatch, by the names of its contract. */
public interface Bindings {
  /** Address of the slot's first byte; 0 when an optional slot is unbound. */
  long address(String slot);

  /** Bytes that may be touched from there on; 0 when an optional slot is unbound. */
  long bytes(String slot);

  /** A function constant of the kernel; an error when the plan does not state it. */
  long constant(String name);

  /** The packed arguments. */
  ArgReader args();

  /**
   * Checks that a slot is bound with at least that many bytes; an error that names the dispatch
   * otherwise.
   */
  void require(String slot, long bytes);
}
