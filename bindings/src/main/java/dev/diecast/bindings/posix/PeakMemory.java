package dev.diecast.bindings.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.OptionalLong;

/** The largest resident set that this process ever had, from {@code getrusage(2)}. */
public final class PeakMemory {
  private static final int RUSAGE_SELF = 0;

  /**
   * {@code struct rusage} is 144 bytes on 64-bit Linux and macOS; ru_maxrss follows two 16-byte
   * timevals.
   */
  private static final long RUSAGE_BYTES = 144;

  private static final long MAXRSS_OFFSET = 32;

  private PeakMemory() {}

  /** Peak resident bytes, or empty where the system does not say. */
  public static OptionalLong bytes() {
    SymbolLookup lookup = Linker.nativeLinker().defaultLookup();
    MemorySegment symbol = lookup.find("getrusage").orElse(null);
    if (symbol == null) {
      return OptionalLong.empty();
    }
    MethodHandle getrusage =
        Linker.nativeLinker()
            .downcallHandle(
                symbol,
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment usage = arena.allocate(RUSAGE_BYTES, 8);
      int rc = (int) getrusage.invokeExact(RUSAGE_SELF, usage);
      if (rc != 0) {
        return OptionalLong.empty();
      }
      long maxrss = usage.get(ValueLayout.JAVA_LONG, MAXRSS_OFFSET);
      return OptionalLong.of(maxrssUnit() * maxrss);
    } catch (Throwable e) {
      throw new IllegalStateException("getrusage could not be called", e);
    }
  }

  /** Linux counts kibibytes, macOS bytes. */
  private static long maxrssUnit() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac") ? 1 : 1024;
  }
}
