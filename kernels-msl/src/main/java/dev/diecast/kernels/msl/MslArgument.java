package dev.diecast.kernels.msl;

import dev.diecast.kernels.Access;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a kernel.
 *
 * @param index of the buffer or the threadgroup memory; -1 for grid arguments
 * @param name in the signature
 * @param kind how it is passed
 * @param addressSpace what it points to; {@code THREAD} for grid arguments, which are values
 * @param elementType the type behind the pointer or the reference, template parameters filled in
 * @param isReference whether it is a reference, not a pointer
 * @param isConst whether the kernel cannot write through it
 * @param access what the signature allows
 * @param enabledBy the function constant without which the argument does not exist
 * @param semantic of a grid argument, the attribute that says what it holds
 */
public record MslArgument(
    int index,
    String name,
    Kind kind,
    AddressSpace addressSpace,
    String elementType,
    boolean isReference,
    boolean isConst,
    Access access,
    @Nullable String enabledBy,
    @Nullable GridSemantic semantic) {

  /** How an argument is passed. */
  public enum Kind {
    /** A buffer of any length. */
    BUFFER,
    /** One value in constant memory, small enough to be set without a buffer. */
    BYTES,
    /** Threadgroup memory whose length the dispatch sets. */
    THREADGROUP,
    /** The place of the thread in the grid. */
    GRID
  }
}
