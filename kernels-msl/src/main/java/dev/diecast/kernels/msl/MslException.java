package dev.diecast.kernels.msl;

/** MSL text that cannot be used; the message starts with where. */
public final class MslException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final SourceLine where;
  private final String reason;

  /** A fault at a line, and what is wrong with it. */
  public MslException(SourceLine where, String reason) {
    super(where + ": " + reason);
    this.where = where;
    this.reason = reason;
  }

  /** The line at fault. */
  public SourceLine where() {
    return where;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }
}
