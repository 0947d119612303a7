package dev.diecast.replay.cpu;

import dev.diecast.kernels.ArgReader;

/** The resolved arguments of one dispatch, by the names of its contract. */
public interface Bindings {
  /** Address of the slot's first byte; 0 when an optional slot is unbound. */
  long address(String slot);

  /** Bytes that may be touched from there on; 0 when an optional slot is unbound. */
  long bytes(String slot);

  /** The packed arguments. */
  ArgReader args();

  /**
   * Checks that a slot is bound with at least that many bytes; an error that names the dispatch
   * otherwise.
   */
  void require(String slot, long bytes);
}
