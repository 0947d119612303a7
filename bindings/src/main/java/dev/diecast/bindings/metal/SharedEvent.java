package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTLSharedEvent}: a counter that the GPU raises and the processor waits for, or the other
 * way round.
 *
 * @param owned its ownership
 */
public record SharedEvent(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLSharedEvent");
  private static final Message NEW = Message.of("MTLDevice", "-newSharedEvent");
  private static final Message VALUE = Message.of("MTLSharedEvent", "-signaledValue");
  private static final Message SET_VALUE = Message.of("MTLSharedEvent", "-setSignaledValue:");
  private static final Message WAIT =
      Message.of("MTLSharedEvent", "-waitUntilSignaledValue:timeoutMS:");

  /** An event at 0. */
  public static SharedEvent create(MetalDevice device) {
    return new SharedEvent(Owned.taking(NEW.notNil(NEW.word(device.id())), CONFORMANCE));
  }

  /** How far it has come. */
  public long value() {
    return VALUE.word(id());
  }

  /** Raises it from the processor's side. */
  public void setValue(long value) {
    SET_VALUE.send(id(), value);
  }

  /** Blocks until it reaches the value, and says whether it did within the time. */
  public boolean await(long value, long milliseconds) {
    return WAIT.flag(id(), value, milliseconds);
  }
}
