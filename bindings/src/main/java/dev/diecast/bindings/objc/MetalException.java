package dev.diecast.bindings.objc;

/**
 * Metal or the Objective-C runtime refused something. The message carries the system's own text
 * where there is one.
 */
public final class MetalException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String domain;
  private final long code;

  /** A failure that no {@code NSError} describes. */
  public MetalException(String message) {
    this(message, "", 0);
  }

  /**
   * A failure that an {@code NSError} describes.
   *
   * @param message what was asked for and the system's own text
   * @param domain the error's domain, such as {@code MTLLibraryErrorDomain}; empty if there is no
   *     error object
   * @param code the error's code in that domain
   */
  public MetalException(String message, String domain, long code) {
    super(message);
    this.domain = domain;
    this.code = code;
  }

  /** The domain of the {@code NSError}, or empty. */
  public String domain() {
    return domain;
  }

  /** The code of the {@code NSError}; means nothing without a domain. */
  public long code() {
    return code;
  }
}
