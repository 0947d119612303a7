package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsError;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTLResidencySet}: buffers and heaps that are kept where the GPU can reach them, without
 * naming each in every encoder. macOS 15. It keeps its allocations alive.
 *
 * @param owned its ownership
 */
public record ResidencySet(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLResidencySet");
  private static final Conformance DESCRIPTOR = Conformance.to("MTLResidencySetDescriptor");
  private static final Message NEW =
      Message.of("MTLDevice", "-newResidencySetWithDescriptor:error:");
  private static final Message SET_CAPACITY =
      Message.of("MTLResidencySetDescriptor", "-setInitialCapacity:");
  private static final Message ADD = Message.of("MTLResidencySet", "-addAllocation:");
  private static final Message REMOVE = Message.of("MTLResidencySet", "-removeAllocation:");
  private static final Message REMOVE_ALL = Message.of("MTLResidencySet", "-removeAllAllocations");
  private static final Message COMMIT = Message.of("MTLResidencySet", "-commit");
  private static final Message REQUEST = Message.of("MTLResidencySet", "-requestResidency");
  private static final Message END = Message.of("MTLResidencySet", "-endResidency");
  private static final Message ALLOCATED = Message.of("MTLResidencySet", "-allocatedSize");
  private static final Message COUNT = Message.of("MTLResidencySet", "-allocationCount");

  static boolean supportedBy(MetalDevice device) {
    return NEW.understoodBy(device.id());
  }

  /**
   * An empty set.
   *
   * @param capacity allocations that it shall have room for at first
   * @throws MetalException if the system has no residency sets
   */
  public static ResidencySet create(MetalDevice device, long capacity) {
    NEW.require(device.id());
    Owned descriptor = ObjcClass.newObject(DESCRIPTOR);
    try {
      SET_CAPACITY.send(descriptor.id(), capacity);
      long set = NsError.object(NEW, error -> NEW.word(device.id(), descriptor.id(), error));
      return new ResidencySet(Owned.taking(set, CONFORMANCE));
    } finally {
      descriptor.release();
    }
  }

  /** Adds a buffer or a heap; {@link #commit} makes it count. */
  public void add(OwnedObject allocation) {
    ADD.send(id(), allocation.id());
  }

  /** Takes a buffer or a heap out; {@link #commit} makes it count. */
  public void remove(OwnedObject allocation) {
    REMOVE.send(id(), allocation.id());
  }

  /** Takes everything out; {@link #commit} makes it count. */
  public void removeAll() {
    REMOVE_ALL.send(id());
  }

  /** Makes all additions and removals since the last time count. */
  public void commit() {
    COMMIT.send(id());
  }

  /**
   * Asks for the memory to be made resident now, not at the first use. It decays when nothing uses
   * it for long.
   */
  public void requestResidency() {
    REQUEST.send(id());
  }

  /** Takes {@link #requestResidency} back. */
  public void endResidency() {
    END.send(id());
  }

  /** Bytes of its allocations. */
  public long allocatedSize() {
    return ALLOCATED.word(id());
  }

  /** How many allocations it has. */
  public long allocationCount() {
    return COUNT.word(id());
  }
}
