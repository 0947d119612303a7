package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTLFence}: orders encoders of one queue that share untracked resources. It has no messages
 * of its own.
 *
 * @param owned its ownership
 */
public record MetalFence(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLFence");
  private static final Message NEW = Message.of("MTLDevice", "-newFence");

  /** A fence that nobody has updated yet. */
  public static MetalFence create(MetalDevice device) {
    return new MetalFence(Owned.taking(NEW.notNil(NEW.word(device.id())), CONFORMANCE));
  }
}
