package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsString;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;
import dev.diecast.bindings.posix.PageSize;
import java.lang.foreign.MemorySegment;

/**
 * {@code MTLBuffer}: memory that kernels reach.
 *
 * @param owned its ownership
 */
public record MetalBuffer(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLBuffer", "MTLResource");
  private static final Message NEW = Message.of("MTLDevice", "-newBufferWithLength:options:");
  private static final Message NEW_NO_COPY =
      Message.of("MTLDevice", "-newBufferWithBytesNoCopy:length:options:deallocator:");
  private static final Message LENGTH = Message.of("MTLBuffer", "-length");
  private static final Message CONTENTS = Message.of("MTLBuffer", "-contents");
  private static final Message GPU_ADDRESS = Message.of("MTLBuffer", "-gpuAddress");
  private static final Message SET_LABEL = Message.of("MTLResource", "-setLabel:");
  private static final Message ALLOCATED = Message.of("MTLResource", "-allocatedSize");
  private static final Message HEAP_OFFSET = Message.of("MTLResource", "-heapOffset");

  /** Takes over a buffer that came back with a retain count of one. */
  static MetalBuffer taking(long id) {
    return new MetalBuffer(Owned.taking(id, CONFORMANCE));
  }

  /**
   * A buffer of its own, filled with zeros.
   *
   * @param options a mask of {@link ResourceOption}
   */
  public static MetalBuffer create(MetalDevice device, long length, long options) {
    return taking(NEW.notNil(NEW.word(device.id(), length, options)));
  }

  /**
   * A buffer over memory that is there already. The memory must stay mapped until the buffer is
   * closed and no work uses it.
   *
   * @param bytes native memory that begins and ends at pages of the running system
   * @param options a mask of {@link ResourceOption}
   * @throws MetalException if the memory is not whole pages, or Metal refuses it
   */
  public static MetalBuffer noCopy(MetalDevice device, MemorySegment bytes, long options) {
    long page = PageSize.bytes();
    if (bytes.address() % page != 0 || bytes.byteSize() % page != 0 || bytes.byteSize() == 0) {
      throw new MetalException(
          "a buffer without a copy needs whole pages of "
              + page
              + " bytes, not "
              + bytes.byteSize()
              + " bytes at address "
              + bytes.address());
    }
    return taking(
        NEW_NO_COPY.notNil(
            NEW_NO_COPY.word(device.id(), bytes.address(), bytes.byteSize(), options, 0L)));
  }

  /** Its length. */
  public long length() {
    return LENGTH.word(id());
  }

  /**
   * Its bytes, good until it is closed.
   *
   * @throws MetalException if only the GPU sees them
   */
  public MemorySegment contents() {
    return MemorySegment.ofAddress(CONTENTS.notNil(CONTENTS.word(id()))).reinterpret(length());
  }

  /** Where kernels see it. */
  public long gpuAddress() {
    return GPU_ADDRESS.word(id());
  }

  /** Bytes that it really takes. */
  public long allocatedSize() {
    return ALLOCATED.word(id());
  }

  /** Where it begins in its heap. */
  public long heapOffset() {
    return HEAP_OFFSET.word(id());
  }

  /** Names it for captures and error reports. */
  public void setLabel(String label) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      SET_LABEL.send(id(), NsString.of(label));
    }
  }
}
