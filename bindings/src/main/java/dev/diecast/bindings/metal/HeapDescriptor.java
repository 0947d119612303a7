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
  private static final Conformance CONFORMANCE = Conformance.to("MTLHeapDescriptor");
  private static final Message SET_SIZE = Message.of("MTLHeapDescriptor", "-setSize:");
  private static final Message SET_STORAGE = Message.of("MTLHeapDescriptor", "-setStorageMode:");
  private static final Message SET_HAZARDS =
      Message.of("MTLHeapDescriptor", "-setHazardTrackingMode:");
  private static final Message SET_TYPE = Message.of("MTLHeapDescriptor", "-setType:");

  /** The descriptor as an object that the caller releases. */
  Owned build() {
    Owned descriptor = ObjcClass.newObject(CONFORMANCE);
    SET_SIZE.send(descriptor.id(), size);
    SET_STORAGE.send(descriptor.id(), storage.value());
    SET_HAZARDS.send(descriptor.id(), hazards.value());
    SET_TYPE.send(descriptor.id(), type.value());
    return descriptor;
  }
}
