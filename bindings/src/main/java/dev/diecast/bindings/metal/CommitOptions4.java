package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Block;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTL4CommitOptions}: who hears how a commit went.
 *
 * @param owned its ownership
 */
public record CommitOptions4(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTL4CommitOptions");
  private static final Message ADD_FEEDBACK_HANDLER =
      Message.of("MTL4CommitOptions", "-addFeedbackHandler:");

  /**
   * Options that call the block with a {@link CommitFeedback4}, on a thread of Metal's, when all
   * command buffers of the commit are done.
   */
  public static CommitOptions4 reportingTo(Block handler) {
    Owned options = ObjcClass.newObject(CONFORMANCE);
    ADD_FEEDBACK_HANDLER.send(options.id(), handler.id());
    return new CommitOptions4(options);
  }
}
