package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.NsString;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code MTLFunctionConstantValues}: values of function constants by name.
 *
 * @param owned its ownership
 */
public record FunctionConstants(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLFunctionConstantValues");
  private static final Message SET =
      Message.of("MTLFunctionConstantValues", "-setConstantValue:type:withName:");

  /** No values yet. */
  public static FunctionConstants create() {
    return new FunctionConstants(ObjcClass.newObject(CONFORMANCE));
  }

  /**
   * Gives a constant its value. A name that the function does not have is no error.
   *
   * @param bits the value's bits, as many as the type has; of a {@code bool}, 0 or 1
   */
  public void set(String name, DataType type, long bits) {
    try (Arena arena = Arena.ofConfined();
        AutoreleasePool _ = new AutoreleasePool()) {
      // Both processors keep the low bytes first, so one write serves every width.
      MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_LONG, bits);
      SET.send(id(), value.address(), type.value(), NsString.of(name));
    }
  }
}
