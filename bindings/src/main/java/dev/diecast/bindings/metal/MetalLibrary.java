package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsArray;
import dev.diecast.bindings.objc.NsError;
import dev.diecast.bindings.objc.NsString;
import dev.diecast.bindings.objc.NsUrl;
import dev.diecast.bindings.objc.ObjcRuntime;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code MTLLibrary}: compiled functions.
 *
 * @param owned its ownership
 */
public record MetalLibrary(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLLibrary");
  private static final Message FROM_SOURCE =
      Message.of("MTLDevice", "-newLibraryWithSource:options:error:");
  private static final Message FROM_URL = Message.of("MTLDevice", "-newLibraryWithURL:error:");
  private static final Message FROM_DATA = Message.of("MTLDevice", "-newLibraryWithData:error:");
  private static final Message FUNCTION_NAMES = Message.of("MTLLibrary", "-functionNames");
  private static final Message FUNCTION = Message.of("MTLLibrary", "-newFunctionWithName:");
  private static final Message SPECIALISED =
      Message.of("MTLLibrary", "-newFunctionWithName:constantValues:error:");

  /**
   * Compiles source.
   *
   * @throws MetalException with the compiler's messages
   */
  public static MetalLibrary compile(MetalDevice device, String source, CompileOptions options) {
    Owned settings = options.build();
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long text = NsString.of(source);
      return taking(
          NsError.object(
              FROM_SOURCE, error -> FROM_SOURCE.word(device.id(), text, settings.id(), error)));
    } finally {
      settings.release();
    }
  }

  /**
   * Loads a {@code .metallib} file.
   *
   * @throws MetalException if it is not there, damaged, or of another system
   */
  public static MetalLibrary load(MetalDevice device, Path file) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long url = NsUrl.of(file);
      return taking(NsError.object(FROM_URL, error -> FROM_URL.word(device.id(), url, error)));
    }
  }

  /**
   * Loads the contents of a {@code .metallib}.
   *
   * @param bytes native memory, which is copied
   * @throws MetalException if they are damaged, or of another system
   */
  public static MetalLibrary ofData(MetalDevice device, MemorySegment bytes) {
    long data = FROM_DATA.notNil(ObjcRuntime.dataCopyOf(bytes));
    try {
      return taking(NsError.object(FROM_DATA, error -> FROM_DATA.word(device.id(), data, error)));
    } finally {
      ObjcRuntime.release(data);
    }
  }

  private static MetalLibrary taking(long id) {
    return new MetalLibrary(Owned.taking(id, CONFORMANCE));
  }

  /** Names of its functions. */
  public List<String> functionNames() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return NsArray.objects(FUNCTION_NAMES.notNil(FUNCTION_NAMES.word(id())))
          .mapToObj(NsString::text)
          .toList();
    }
  }

  /**
   * A function that takes no constants.
   *
   * @throws MetalException if it has no function of that name
   */
  public MetalFunction function(String name) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long function = FUNCTION.word(id(), NsString.of(name));
      if (function == 0) {
        throw new MetalException("this library has no function " + name);
      }
      return MetalFunction.taking(function);
    }
  }

  /**
   * A function with its constants filled in.
   *
   * @throws MetalException if it has no function of that name, or a constant is missing or has
   *     another type
   */
  public MetalFunction function(String name, FunctionConstants constants) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long text = NsString.of(name);
      return MetalFunction.taking(
          NsError.object(
              SPECIALISED, error -> SPECIALISED.word(id(), text, constants.id(), error)));
    }
  }
}
