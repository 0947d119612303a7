package dev.diecast.replay.cpu;

import dev.diecast.replay.device.DeviceFailure;

/** A kernel threw while a walk ran. The message names the dispatch. */
public final class KernelFailure extends DeviceFailure {
  private static final long serialVersionUID = 1L;

  KernelFailure(String dispatch, Throwable cause) {
    super(dispatch + ": " + reason(cause), cause);
  }

  private static String reason(Throwable cause) {
    if (cause instanceof InternalError) {
      // What the JVM makes of SIGBUS: a mapped page has no file behind it any more.
      return "the model's file cannot be read any more (was it truncated while in use?)";
    }
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }
}
