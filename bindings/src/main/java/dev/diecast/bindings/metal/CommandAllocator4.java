package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTL4CommandAllocator}: memory for encoded commands.
 *
 * @param owned its ownership
 */
public record CommandAllocator4(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTL4CommandAllocator");
  private static final Message NEW = Message.of("MTLDevice", "-newCommandAllocator");
  private static final Message RESET = Message.of("MTL4CommandAllocator", "-reset");
  private static final Message ALLOCATED = Message.of("MTL4CommandAllocator", "-allocatedSize");

  /**
   * An allocator.
   *
   * @throws MetalException if the system has no Metal 4
   */
  public static CommandAllocator4 create(MetalDevice device) {
    NEW.require(device.id());
    return new CommandAllocator4(Owned.taking(NEW.notNil(NEW.word(device.id())), CONFORMANCE));
  }

  /** Makes its memory free again; all work that was encoded with it must be done. */
  public void reset() {
    RESET.send(id());
  }

  /** Bytes that it takes. */
  public long allocatedSize() {
    return ALLOCATED.word(id());
  }
}
