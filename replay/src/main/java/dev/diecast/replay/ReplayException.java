package dev.diecast.replay;

/** A step went wrong while it ran. The message says where; {@link Session#reset()} starts anew. */
public final class ReplayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error that the message locates. */
  public ReplayException(String message) {
    super(message);
  }

  /** An error that the message locates, with its cause. */
  public ReplayException(String message, Throwable cause) {
    super(message, cause);
  }
}
