package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTLCommandQueue}: where command buffers come from and in which order they run.
 *
 * @param owned its ownership
 */
public record CommandQueue(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLCommandQueue");
  private static final Message NEW =
      Message.of("MTLDevice", "-newCommandQueueWithMaxCommandBufferCount:");
  private static final Message COMMAND_BUFFER = Message.of("MTLCommandQueue", "-commandBuffer");
  private static final Message UNRETAINED =
      Message.of("MTLCommandQueue", "-commandBufferWithUnretainedReferences");
  private static final Message ADD_RESIDENCY_SET =
      Message.of("MTLCommandQueue", "-addResidencySet:");
  private static final Message REMOVE_RESIDENCY_SET =
      Message.of("MTLCommandQueue", "-removeResidencySet:");

  /**
   * A queue.
   *
   * @param maxCommandBuffers command buffers that may be unfinished at a time; asking for one more
   *     waits
   */
  public static CommandQueue create(MetalDevice device, long maxCommandBuffers) {
    return new CommandQueue(
        Owned.taking(NEW.notNil(NEW.word(device.id(), maxCommandBuffers)), CONFORMANCE));
  }

  /**
   * A {@link CommandBuffer} that keeps what it uses alive; it belongs to the caller's autorelease
   * pool.
   */
  public long commandBuffer() {
    return CommandBuffer.CONFORMANCE.check(COMMAND_BUFFER.notNil(COMMAND_BUFFER.word(id())));
  }

  /**
   * A {@link CommandBuffer} that keeps nothing alive: whatever it uses must outlive it. It belongs
   * to the caller's autorelease pool.
   */
  public long commandBufferWithUnretainedReferences() {
    return CommandBuffer.CONFORMANCE.check(UNRETAINED.notNil(UNRETAINED.word(id())));
  }

  /**
   * Makes all of a residency set resident whenever a command buffer of this queue runs. macOS 15.
   */
  public void addResidencySet(ResidencySet set) {
    ADD_RESIDENCY_SET.require(id());
    ADD_RESIDENCY_SET.send(id(), set.id());
  }

  /** Undoes {@link #addResidencySet}. */
  public void removeResidencySet(ResidencySet set) {
    REMOVE_RESIDENCY_SET.require(id());
    REMOVE_RESIDENCY_SET.send(id(), set.id());
  }
}
