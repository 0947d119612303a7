package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.NsString;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTLFunction}: a kernel of a library, to make a pipeline of.
 *
 * @param owned its ownership
 */
public record MetalFunction(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLFunction");
  private static final Message NAME = Message.of("MTLFunction", "-name");

  /** Takes over a function that came back with a retain count of one. */
  static MetalFunction taking(long id) {
    return new MetalFunction(Owned.taking(id, CONFORMANCE));
  }

  /** Its name. */
  public String name() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return NsString.text(NAME.notNil(NAME.word(id())));
    }
  }
}
