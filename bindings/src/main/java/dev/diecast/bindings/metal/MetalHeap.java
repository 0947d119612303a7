package dev.diecast.bindings.metal;

import dev.diecast.bindings.metal.abi.MTLSizeAndAlign;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code MTLHeap}: one piece of memory that many buffers share, resident or not as a whole.
 *
 * @param owned its ownership
 */
public record MetalHeap(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLHeap");
  private static final Message NEW = Message.of("MTLDevice", "-newHeapWithDescriptor:");
  private static final Message SIZE_AND_ALIGN =
      Message.of("MTLDevice", "-heapBufferSizeAndAlignWithLength:options:");
  private static final Message NEW_BUFFER = Message.of("MTLHeap", "-newBufferWithLength:options:");
  private static final Message NEW_BUFFER_AT =
      Message.of("MTLHeap", "-newBufferWithLength:options:offset:");
  private static final Message SIZE = Message.of("MTLHeap", "-size");
  private static final Message USED = Message.of("MTLHeap", "-usedSize");
  private static final Message ALLOCATED = Message.of("MTLHeap", "-currentAllocatedSize");
  private static final Message AVAILABLE = Message.of("MTLHeap", "-maxAvailableSizeWithAlignment:");

  /** Bytes that a buffer takes in a heap, and what its offset must be a multiple of. */
  public record SizeAndAlign(long size, long align) {}

  /** A heap. */
  public static MetalHeap create(MetalDevice device, HeapDescriptor descriptor) {
    Owned settings = descriptor.build();
    try {
      return new MetalHeap(
          Owned.taking(NEW.notNil(NEW.word(device.id(), settings.id())), CONFORMANCE));
    } finally {
      settings.release();
    }
  }

  /**
   * What a buffer of that length takes in a heap.
   *
   * @param options a mask of {@link ResourceOption}
   */
  public static SizeAndAlign sizeAndAlign(MetalDevice device, long length, long options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = SIZE_AND_ALIGN.struct(arena, device.id(), length, options);
      return new SizeAndAlign(MTLSizeAndAlign.size(both), MTLSizeAndAlign.align(both));
    }
  }

  /**
   * A buffer where the heap has room for it.
   *
   * @param options a mask of {@link ResourceOption} that agrees with the heap's
   */
  public MetalBuffer newBuffer(long length, long options) {
    return MetalBuffer.taking(NEW_BUFFER.notNil(NEW_BUFFER.word(id(), length, options)));
  }

  /**
   * A buffer at an offset of a placement heap.
   *
   * @param options a mask of {@link ResourceOption} that agrees with the heap's
   */
  public MetalBuffer newBuffer(long length, long options, long offset) {
    return MetalBuffer.taking(
        NEW_BUFFER_AT.notNil(NEW_BUFFER_AT.word(id(), length, options, offset)));
  }

  /** Its size. */
  public long size() {
    return SIZE.word(id());
  }

  /** Bytes that its buffers take. */
  public long usedSize() {
    return USED.word(id());
  }

  /** Bytes that it takes itself. */
  public long currentAllocatedSize() {
    return ALLOCATED.word(id());
  }

  /** Most bytes that a new buffer of that alignment can have. */
  public long maxAvailableSize(long alignment) {
    return AVAILABLE.word(id(), alignment);
  }
}
