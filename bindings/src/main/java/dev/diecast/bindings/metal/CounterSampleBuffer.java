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
import java.lang.foreign.ValueLayout;

/**
 * {@code MTLCounterSampleBuffer}: where the GPU writes samples of its counters.
 *
 * @param owned its ownership
 */
public record CounterSampleBuffer(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLCounterSampleBuffer");
  private static final Conformance DESCRIPTOR = Conformance.to("MTLCounterSampleBufferDescriptor");
  private static final Message NEW =
      Message.of("MTLDevice", "-newCounterSampleBufferWithDescriptor:error:");
  private static final Message SET_COUNTERS =
      Message.of("MTLCounterSampleBufferDescriptor", "-setCounterSet:");
  private static final Message SET_STORAGE =
      Message.of("MTLCounterSampleBufferDescriptor", "-setStorageMode:");
  private static final Message SET_COUNT =
      Message.of("MTLCounterSampleBufferDescriptor", "-setSampleCount:");
  private static final Message COUNT = Message.of("MTLCounterSampleBuffer", "-sampleCount");
  private static final Message RESOLVE =
      Message.of("MTLCounterSampleBuffer", "-resolveCounterRange:");

  /**
   * Room for samples.
   *
   * @throws MetalException if the GPU has no such counters, or no room for so many samples
   */
  public static CounterSampleBuffer create(MetalDevice device, CounterSet counters, long samples) {
    Owned descriptor = ObjcClass.newObject(DESCRIPTOR);
    try {
      SET_COUNTERS.send(descriptor.id(), counters.id());
      SET_STORAGE.send(descriptor.id(), StorageMode.SHARED.value());
      SET_COUNT.send(descriptor.id(), samples);
      long buffer = NsError.object(NEW, error -> NEW.word(device.id(), descriptor.id(), error));
      return new CounterSampleBuffer(Owned.taking(buffer, CONFORMANCE));
    } finally {
      descriptor.release();
    }
  }

  /** How many samples it has room for. */
  public long sampleCount() {
    return COUNT.word(id());
  }

  /**
   * Samples of the set {@link CounterSet#TIMESTAMP}, in ticks of the GPU's clock; all bits are set
   * in one that the GPU did not take.
   *
   * @throws MetalException if Metal gives none
   */
  public long[] timestamps(long first, long count) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long data = RESOLVE.notNil(RESOLVE.word(id(), first, count));
      return NsData.bytes(data).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
    }
  }
}
