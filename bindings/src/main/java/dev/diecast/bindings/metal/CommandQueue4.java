package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.IdArray;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTL4CommandQueue}: where command buffers of Metal 4 are committed. It has no way to wait
 * for them: signal a {@link SharedEvent} and wait for that. What command buffers use must be in a
 * residency set and outlive them.
 *
 * @param owned its ownership
 */
public record CommandQueue4(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTL4CommandQueue");
  private static final Message NEW = Message.of("MTLDevice", "-newMTL4CommandQueue");
  private static final Message COMMIT = Message.of("MTL4CommandQueue", "-commit:count:");
  private static final Message COMMIT_WITH =
      Message.of("MTL4CommandQueue", "-commit:count:options:");
  private static final Message SIGNAL = Message.of("MTL4CommandQueue", "-signalEvent:value:");
  private static final Message AWAIT = Message.of("MTL4CommandQueue", "-waitForEvent:value:");
  private static final Message ADD_RESIDENCY_SET =
      Message.of("MTL4CommandQueue", "-addResidencySet:");
  private static final Message REMOVE_RESIDENCY_SET =
      Message.of("MTL4CommandQueue", "-removeResidencySet:");

  static boolean supportedBy(MetalDevice device) {
    return NEW.understoodBy(device.id());
  }

  /**
   * A queue.
   *
   * @throws MetalException if the system has no Metal 4
   */
  public static CommandQueue4 create(MetalDevice device) {
    NEW.require(device.id());
    return new CommandQueue4(Owned.taking(NEW.notNil(NEW.word(device.id())), CONFORMANCE));
  }

  /** Hands ended command buffers to the GPU, in order. */
  public void commit(IdArray commandBuffers) {
    COMMIT.send(id(), commandBuffers.address(), commandBuffers.count());
  }

  /** Hands ended command buffers to the GPU, in order, and has their feedback reported. */
  public void commit(IdArray commandBuffers, CommitOptions4 options) {
    COMMIT_WITH.send(id(), commandBuffers.address(), commandBuffers.count(), options.id());
  }

  /** Raises the event to the value when all that was committed before is done. */
  public void signal(SharedEvent event, long value) {
    SIGNAL.send(id(), event.id(), value);
  }

  /** Lets all that is committed later wait for the event to reach the value. */
  public void await(SharedEvent event, long value) {
    AWAIT.send(id(), event.id(), value);
  }

  /** Makes all of a residency set resident whenever a command buffer of this queue runs. */
  public void addResidencySet(ResidencySet set) {
    ADD_RESIDENCY_SET.send(id(), set.id());
  }

  /** Undoes {@link #addResidencySet}. */
  public void removeResidencySet(ResidencySet set) {
    REMOVE_RESIDENCY_SET.send(id(), set.id());
  }
}
