package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsData;
import dev.diecast.bindings.objc.NsError;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code MTL4CounterHeap}: where Metal 4 writes timestamps.
 *
 * @param owned its ownership
 * @param stride bytes from one entry to the next
 */
public record CounterHeap4(Owned owned, long stride) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTL4CounterHeap");
  private static final Conformance DESCRIPTOR = Conformance.to("MTL4CounterHeapDescriptor");
  private static final Message NEW =
      Message.of("MTLDevice", "-newCounterHeapWithDescriptor:error:");
  private static final Message ENTRY_SIZE = Message.of("MTLDevice", "-sizeOfCounterHeapEntry:");
  private static final Message SET_TYPE = Message.of("MTL4CounterHeapDescriptor", "-setType:");
  private static final Message SET_COUNT = Message.of("MTL4CounterHeapDescriptor", "-setCount:");
  private static final Message RESOLVE = Message.of("MTL4CounterHeap", "-resolveCounterRange:");
  private static final Message INVALIDATE =
      Message.of("MTL4CounterHeap", "-invalidateCounterRange:");

  /**
   * Room for timestamps.
   *
   * @throws MetalException if the system has no Metal 4
   */
  public static CounterHeap4 create(MetalDevice device, long entries) {
    NEW.require(device.id());
    ENTRY_SIZE.require(device.id());
    long stride = ENTRY_SIZE.word(device.id(), CounterHeapType4.TIMESTAMP.value());
    Owned descriptor = ObjcClass.newObject(DESCRIPTOR);
    try {
      SET_TYPE.send(descriptor.id(), CounterHeapType4.TIMESTAMP.value());
      SET_COUNT.send(descriptor.id(), entries);
      long heap = NsError.object(NEW, error -> NEW.word(device.id(), descriptor.id(), error));
      return new CounterHeap4(Owned.taking(heap, CONFORMANCE), stride);
    } finally {
      descriptor.release();
    }
  }

  /**
   * Timestamps of {@code count} entries from {@code first}, in ticks of {@link
   * MetalDevice#timestampFrequency}; the work that writes them must be done.
   *
   * @throws MetalException if Metal gives none
   */
  public long[] timestamps(long first, long count) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      MemorySegment entries = NsData.bytes(RESOLVE.notNil(RESOLVE.word(id(), first, count)));
      long[] timestamps = new long[Math.toIntExact(entries.byteSize() / stride)];
      for (int i = 0; i < timestamps.length; i++) {
        timestamps[i] = entries.get(ValueLayout.JAVA_LONG_UNALIGNED, i * stride);
      }
      return timestamps;
    }
  }

  /** Makes entries empty again. */
  public void invalidate(long first, long count) {
    INVALIDATE.send(id(), first, count);
  }
}
