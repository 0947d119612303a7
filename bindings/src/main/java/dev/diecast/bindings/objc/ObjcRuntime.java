package dev.diecast.bindings.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Objective-C runtime and the C entry points of Metal. Nothing is loaded until somebody calls
 * {@link #load}, and what is loaded stays for the rest of the process.
 *
 * <p>Objects, classes, selectors and pointers are plain {@code long}s here; zero is nil.
 */
public final class ObjcRuntime {
  /** Whether structs of more than 16 bytes travel as on x86-64 and not as on arm64. */
  static final boolean X86_64 = !System.getProperty("os.arch", "").equals("aarch64");

  private static final List<String> SYMBOLS =
      List.of(
          "objc_msgSend",
          "objc_getClass",
          "sel_registerName",
          "object_getClass",
          "class_getName",
          "class_respondsToSelector",
          "objc_autoreleasePoolPush",
          "objc_autoreleasePoolPop",
          "objc_retain",
          "objc_release",
          "_NSConcreteGlobalBlock",
          "dispatch_data_create",
          "MTLCreateSystemDefaultDevice",
          "MTLCopyAllDevices");

  private static volatile @Nullable SymbolLookup loaded;

  private ObjcRuntime() {}

  /**
   * Loads the library that the system property {@code diecast.metal.library} names (an absolute
   * path), else macOS's own libraries. Once that worked, later calls do nothing; a failure may be
   * tried again.
   *
   * @throws MetalException if there is no Metal here, or a library lacks something
   */
  public static synchronized void load() {
    if (loaded == null) {
      SymbolLookup libraries = NativeLibraries.open();
      requireAll(libraries);
      loaded = libraries;
    }
  }

  /** Refuses libraries that lack a function, naming all that are missing. */
  static void requireAll(SymbolLookup libraries) {
    List<String> missing = new ArrayList<>(SYMBOLS);
    if (X86_64) {
      missing.add("objc_msgSend_stret");
    }
    missing.removeIf(name -> libraries.find(name).isPresent());
    if (!missing.isEmpty()) {
      throw new MetalException("no Metal here: its libraries lack " + String.join(", ", missing));
    }
  }

  /** Loads, and says why that does not work, or nothing if it does. */
  public static Optional<String> problem() {
    try {
      load();
      return Optional.empty();
    } catch (MetalException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  static MemorySegment symbol(String name) {
    load();
    SymbolLookup libraries = loaded;
    if (libraries == null) {
      throw new IllegalStateException("loading left nothing");
    }
    return libraries.findOrThrow(name);
  }

  /** The class of that name, or 0. */
  static long classNamed(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) EntryPoints.GET_CLASS.invokeExact(arena.allocateFrom(name).address());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The selector of that name; the runtime makes one where it has none. */
  static long selector(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) EntryPoints.REGISTER_NAME.invokeExact(arena.allocateFrom(name).address());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The class of an object; of a class, its metaclass. */
  static long classOf(long object) {
    try {
      return (long) EntryPoints.CLASS_OF.invokeExact(object);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The name of an object's class, for messages. */
  public static String classNameOf(long object) {
    try {
      return NsString.characters((long) EntryPoints.CLASS_NAME.invokeExact(classOf(object)));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Whether an object understands a selector, which is asked of its class. */
  static boolean responds(long object, long selector) {
    try {
      return (byte) EntryPoints.RESPONDS.invokeExact(classOf(object), selector) != 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Adds one to an object's retain count and gives it back. */
  public static long retain(long object) {
    try {
      return (long) EntryPoints.RETAIN.invokeExact(object);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Takes one from an object's retain count; nil is fine. */
  public static void release(long object) {
    try {
      EntryPoints.RELEASE.invokeExact(object);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The system's default GPU, which the caller owns, or 0. */
  public static long defaultDevice() {
    try {
      return (long) EntryPoints.DEFAULT_DEVICE.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** An {@code NSArray} of all GPUs, which the caller owns, or 0. */
  public static long allDevices() {
    try {
      return (long) EntryPoints.ALL_DEVICES.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A {@code dispatch_data_t} with a copy of the bytes, which the caller owns. */
  public static long dataCopyOf(MemorySegment bytes) {
    try {
      return (long) EntryPoints.DATA_CREATE.invokeExact(bytes.address(), bytes.byteSize(), 0L, 0L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A downcall throws nothing but errors of the JVM and misuse of its handle. */
  static RuntimeException unexpected(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException("a native call threw", thrown);
    };
  }
}
