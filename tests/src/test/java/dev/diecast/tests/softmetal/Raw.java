package dev.diecast.tests.softmetal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/** Messages that the bindings do not send, or not wrongly enough. */
final class Raw {
  private static final SymbolLookup LIBRARY =
      SymbolLookup.libraryLookup(System.getProperty("diecast.metal.library"), Arena.global());

  private Raw() {}

  /** Sends a message of words; what comes back is a word. */
  static long send(long receiver, String selector, long... words) {
    Long[] all = new Long[2 + words.length];
    all[0] = receiver;
    all[1] = selector(selector);
    for (int i = 0; i < words.length; i++) {
      all[2 + i] = words[i];
    }
    return call("objc_msgSend", (Object[]) all);
  }

  /** Sends a message of two sizes along x. */
  static void sendSizes(long receiver, String selector, long first, long second) {
    try (Arena arena = Arena.ofConfined()) {
      MemoryLayout size = MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG, JAVA_LONG);
      MethodHandle handle =
          Linker.nativeLinker()
              .downcallHandle(
                  LIBRARY.findOrThrow("objc_msgSend"),
                  FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, size, size));
      handle.invokeWithArguments(
          receiver,
          selector(selector),
          arena.allocateFrom(JAVA_LONG, first, 1, 1),
          arena.allocateFrom(JAVA_LONG, second, 1, 1));
    } catch (Throwable e) {
      throw new IllegalStateException(selector + " could not be sent", e);
    }
  }

  /** A class. */
  static long classNamed(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return call("objc_getClass", arena.allocateFrom(name).address());
    }
  }

  /** A new object that the caller owns. */
  static long newObject(String className) {
    return send(classNamed(className), "new");
  }

  /** A string of the caller's pool. */
  static long string(String text) {
    try (Arena arena = Arena.ofConfined()) {
      return send(
          classNamed("NSString"), "stringWithUTF8String:", arena.allocateFrom(text).address());
    }
  }

  /** Calls a function of words. */
  static long call(String function, Object... words) {
    MemoryLayout[] layouts =
        Collections.nCopies(words.length, JAVA_LONG).toArray(MemoryLayout[]::new);
    MethodHandle handle =
        Linker.nativeLinker()
            .downcallHandle(
                LIBRARY.findOrThrow(function), FunctionDescriptor.of(JAVA_LONG, layouts));
    try {
      return (long) handle.invokeWithArguments(words);
    } catch (Throwable e) {
      throw new IllegalStateException(function + " could not be called", e);
    }
  }

  private static long selector(String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(name);
      return call("sel_registerName", text.address());
    }
  }
}
