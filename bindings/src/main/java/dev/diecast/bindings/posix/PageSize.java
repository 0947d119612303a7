package dev.diecast.bindings.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The size of a page of the running system: 16 KiB on a Mac with Apple silicon, 4 KiB on most
 * others.
 */
public final class PageSize {
  private PageSize() {}

  /** Bytes of a page, from {@code getpagesize(3)}. */
  public static long bytes() {
    Linker linker = Linker.nativeLinker();
    MethodHandle getpagesize =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("getpagesize"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT));
    try {
      return (int) getpagesize.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("getpagesize could not be called", e);
    }
  }
}
