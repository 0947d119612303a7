package dev.diecast.plans;

/**
 * Input that cannot be used: a damaged file, a plan that does not hold, a model that is not
 * supported. The message says where.
 */
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error that the message locates. */
  public PlanException(String message) {
    super(message);
  }

  /** An error that the message locates, with its cause. */
  public PlanException(String message, Throwable cause) {
    super(message, cause);
  }
}
