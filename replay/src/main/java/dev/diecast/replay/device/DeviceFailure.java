package dev.diecast.replay.device;

import org.jspecify.annotations.Nullable;

/** A run failed on its device. The message names the dispatch where that is known. */
public class DeviceFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its reason, and its cause where there is one. */
  public DeviceFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
