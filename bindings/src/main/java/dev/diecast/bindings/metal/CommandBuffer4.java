package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTL4CommandBuffer}: encoded work. The object serves again and again, but is encoded anew
 * each time: begin, encode, end, commit, and begin again as soon as it is committed, with another
 * allocator.
 *
 * @param owned its ownership
 */
public record CommandBuffer4(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTL4CommandBuffer");
  private static final Message NEW = Message.of("MTLDevice", "-newCommandBuffer");
  private static final Message BEGIN =
      Message.of("MTL4CommandBuffer", "-beginCommandBufferWithAllocator:");
  private static final Message COMPUTE_ENCODER =
      Message.of("MTL4CommandBuffer", "-computeCommandEncoder");
  private static final Message END = Message.of("MTL4CommandBuffer", "-endCommandBuffer");
  private static final Message USE_RESIDENCY_SET =
      Message.of("MTL4CommandBuffer", "-useResidencySet:");

  /**
   * A command buffer.
   *
   * @throws MetalException if the system has no Metal 4
   */
  public static CommandBuffer4 create(MetalDevice device) {
    NEW.require(device.id());
    return new CommandBuffer4(Owned.taking(NEW.notNil(NEW.word(device.id())), CONFORMANCE));
  }

  /** Begins to encode into the allocator's memory. */
  public void begin(CommandAllocator4 allocator) {
    BEGIN.send(id(), allocator.id());
  }

  /**
   * A {@link ComputeEncoder4} that belongs to the caller's autorelease pool. One is open at a time.
   */
  public long computeEncoder() {
    return ComputeEncoder4.CONFORMANCE.check(COMPUTE_ENCODER.notNil(COMPUTE_ENCODER.word(id())));
  }

  /** Makes a residency set resident while this command buffer runs. */
  public void useResidencySet(ResidencySet set) {
    USE_RESIDENCY_SET.send(id(), set.id());
  }

  /** Ends encoding, so that it can be committed. */
  public void end() {
    END.send(id());
  }
}
