package dev.diecast.bindings.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** File descriptors of this process. */
public final class Descriptors {
  private Descriptors() {}

  /**
   * Makes {@code onto} name the same open file as {@code from}, as {@code dup2(2)} does.
   *
   * @return whether the system did it
   */
  public static boolean duplicate(int from, int onto) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup lookup = linker.defaultLookup();
    MemorySegment symbol = lookup.find("dup2").orElse(null);
    if (symbol == null) {
      return false;
    }
    MethodHandle dup2 =
        linker.downcallHandle(
            symbol,
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) dup2.invokeExact(from, onto) == onto;
    } catch (Throwable e) {
      throw new IllegalStateException("dup2 could not be called", e);
    }
  }
}
