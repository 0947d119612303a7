package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;

/**
 * {@code MTLHeapDescriptor}: what a heap shall be.
 *
 * @param size bytes
 * @param storage who sees its memory
 * @param hazards whether Metal orders uses of its resources by itself
 * @param type who places resources
 */
public record HeapDescriptor(
    long size, StorageMode storage, HazardTrackingMode hazards, HeapType type) {
  /** The descriptor as an object that the caller releases. */
  Owned build() {
    Owned descriptor = ObjcClass.newObject(Native.CONFORMANCE);
    Native.SET_SIZE.send(descriptor.id(), size);
    Native.SET_STORAGE.send(descriptor.id(), storage.value());
    Native.SET_HAZARDS.send(descriptor.id(), hazards.value());
    Native.SET_TYPE.send(descriptor.id(), type.value());
    return descriptor;
  }

  /** Apart, so that settings can be stated before Metal is loaded. */
  private static final class Native {
    static final Conformance CONFORMANCE = Conformance.to("MTLHeapDescriptor");
    static final Message SET_SIZE = Message.of("MTLHeapDescriptor", "-setSize:");
    static final Message SET_STORAGE = Message.of("MTLHeapDescriptor", "-setStorageMode:");
    static final Message SET_HAZARDS = Message.of("MTLHeapDescriptor", "-setHazardTrackingMode:");
    static final Message SET_TYPE = Message.of("MTLHeapDescriptor", "-setType:");

    private Native() {}
  }
}
