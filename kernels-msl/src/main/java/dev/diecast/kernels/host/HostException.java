package dev.diecast.kernels.host;

/** Kernels could not be compiled, loaded or started on this machine. */
public final class HostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The reason, for a reader who knows nothing of the call. */
  public HostException(String message) {
    super(message);
  }

  /** The reason and what led to it. */
  public HostException(String message, Throwable cause) {
    super(message, cause);
  }
}
