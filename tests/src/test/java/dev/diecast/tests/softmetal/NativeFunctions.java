package dev.diecast.tests.softmetal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The library's own functions: settings, findings, faults, statistics. */
final class NativeFunctions {
  private static final Linker LINKER = Linker.nativeLinker();

  private final SymbolLookup library;
  private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();
  private final MethodHandle report;

  NativeFunctions(SymbolLookup library) {
    this.library = library;
    this.report = handle("soft_report", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));
  }

  private MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return handles.computeIfAbsent(
        name, _ -> LINKER.downcallHandle(library.findOrThrow(name), descriptor));
  }

  /** Calls a function of words and texts without a result. */
  void run(String name, Object... arguments) {
    call(name, null, arguments);
  }

  /** Calls a function of words and texts with a number as its result. */
  long number(String name, Object... arguments) {
    return (long) call(name, JAVA_LONG, arguments);
  }

  /** Calls a function that says yes or no in an int. */
  boolean yes(String name, Object... arguments) {
    return (int) call(name, JAVA_INT, arguments) != 0;
  }

  private Object call(String name, MemoryLayout result, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemoryLayout[] layouts = new MemoryLayout[arguments.length];
      Object[] values = new Object[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        values[i] = arguments[i] instanceof String text ? arena.allocateFrom(text) : arguments[i];
        layouts[i] = layout(arguments[i]);
      }
      FunctionDescriptor descriptor =
          result == null
              ? FunctionDescriptor.ofVoid(layouts)
              : FunctionDescriptor.of(result, layouts);
      return handle(name, descriptor).invokeWithArguments(values);
    } catch (Throwable e) {
      throw new IllegalStateException(name + " could not be called", e);
    }
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case Integer _ -> JAVA_INT;
      case Long _ -> JAVA_LONG;
      default -> ADDRESS;
    };
  }

  /** The lines that a function writes into a text. */
  List<String> lines(String name) {
    MethodHandle function = handle(name, FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG));
    for (long room = 1 << 16; ; room *= 4) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment text = arena.allocate(room);
        long wanted = (long) function.invokeExact(text, room);
        if (wanted < room) {
          return text.getString(0).lines().toList();
        }
      } catch (Throwable e) {
        throw new IllegalStateException(name + " could not be called", e);
      }
    }
  }

  /** Adds a finding that Java made. */
  void report(String rule, String object, String message) {
    try (Arena arena = Arena.ofConfined()) {
      report.invokeExact(
          arena.allocateFrom(rule), arena.allocateFrom(object), arena.allocateFrom(message));
    } catch (Throwable e) {
      throw new IllegalStateException("soft_report could not be called", e);
    }
  }
}
