package dev.diecast.tools.console;

/** A device that is asked for and cannot be used here. */
public final class DeviceUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says which device and why. */
  public DeviceUnavailable(String message) {
    super(message);
  }
}
