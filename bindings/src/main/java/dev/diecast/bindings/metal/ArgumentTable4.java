package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsError;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTL4ArgumentTable}: the buffer slots of dispatches, as addresses of the GPU.
 *
 * @param owned its ownership
 */
public record ArgumentTable4(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTL4ArgumentTable");
  private static final Conformance DESCRIPTOR = Conformance.to("MTL4ArgumentTableDescriptor");
  private static final Message NEW =
      Message.of("MTLDevice", "-newArgumentTableWithDescriptor:error:");
  private static final Message SET_MAX_BUFFERS =
      Message.of("MTL4ArgumentTableDescriptor", "-setMaxBufferBindCount:");
  private static final Message SET_INITIALIZE =
      Message.of("MTL4ArgumentTableDescriptor", "-setInitializeBindings:");
  private static final Message SET_ADDRESS =
      Message.of("MTL4ArgumentTable", "-setAddress:atIndex:");

  /**
   * A table of empty slots.
   *
   * @param slots how many, at most 31
   * @throws MetalException if the system has no Metal 4
   */
  public static ArgumentTable4 create(MetalDevice device, long slots) {
    NEW.require(device.id());
    Owned descriptor = ObjcClass.newObject(DESCRIPTOR);
    try {
      SET_MAX_BUFFERS.send(descriptor.id(), slots);
      SET_INITIALIZE.sendFlag(descriptor.id(), true);
      long table = NsError.object(NEW, error -> NEW.word(device.id(), descriptor.id(), error));
      return new ArgumentTable4(Owned.taking(table, CONFORMANCE));
    } finally {
      descriptor.release();
    }
  }

  /** Binds one slot to an address of the GPU, see {@link MetalBuffer#gpuAddress}. */
  public void setAddress(long gpuAddress, long index) {
    SET_ADDRESS.send(id(), gpuAddress, index);
  }
}
