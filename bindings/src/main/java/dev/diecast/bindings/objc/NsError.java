package dev.diecast.bindings.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Calls that can fail with an {@code NSError}, whose own text, domain and code the exception keeps.
 */
public final class NsError {
  private static final Conformance CONFORMANCE = Conformance.to("NSError");
  private static final Message DESCRIPTION = Message.of("NSError", "-localizedDescription");
  private static final Message DOMAIN = Message.of("NSError", "-domain");
  private static final Message CODE = Message.of("NSError", "-code");

  private NsError() {}

  /**
   * An object from a call that takes an {@code NSError**} and returns nil when it fails. The object
   * must be owned: a pool of its own drains before this returns.
   *
   * @param call sends the message with the address of a place for the error
   * @throws MetalException with the error's text
   */
  public static long object(Message message, LongUnaryOperator call) {
    try (Arena arena = Arena.ofConfined();
        AutoreleasePool _ = new AutoreleasePool()) {
      MemorySegment error = arena.allocate(ValueLayout.JAVA_LONG);
      long object = call.applyAsLong(error.address());
      if (object == 0) {
        throw failure(message.row().toString(), error.get(ValueLayout.JAVA_LONG, 0));
      }
      return object;
    }
  }

  /**
   * A call that takes an {@code NSError**} and returns NO when it fails.
   *
   * @param call sends the message with the address of a place for the error
   * @throws MetalException with the error's text
   */
  public static void check(Message message, LongPredicate call) {
    try (Arena arena = Arena.ofConfined();
        AutoreleasePool _ = new AutoreleasePool()) {
      MemorySegment error = arena.allocate(ValueLayout.JAVA_LONG);
      if (!call.test(error.address())) {
        throw failure(message.row().toString(), error.get(ValueLayout.JAVA_LONG, 0));
      }
    }
  }

  /**
   * The exception for an {@code NSError}.
   *
   * @param what what failed, for the message
   * @param error the error, or 0 if there is none
   */
  public static MetalException failure(String what, long error) {
    if (error == 0) {
      return new MetalException(what + " failed and gave no reason");
    }
    CONFORMANCE.check(error);
    try (AutoreleasePool _ = new AutoreleasePool()) {
      String domain = NsString.text(DOMAIN.word(error));
      long code = CODE.word(error);
      String text = NsString.text(DESCRIPTION.word(error));
      return new MetalException(
          what + ": " + text + " (" + domain + " " + code + ")", domain, code);
    }
  }
}
