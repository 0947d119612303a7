package dev.diecast.tools.console;

/** The exit codes of the diecast command; they are part of its interface. */
public final class ExitCode {
  /** All went well. */
  public static final int OK = 0;

  /** Diecast itself is at fault: a bug, or a JVM that does not start. */
  public static final int INTERNAL = 1;

  /** The command line makes no sense. */
  public static final int USAGE = 2;

  /** A model, plan, prompt or number cannot be used. */
  public static final int BAD_INPUT = 3;

  /** The device or the machine failed or lacks something. */
  public static final int RUNTIME = 4;

  /** Reading or writing failed. */
  public static final int IO = 5;

  /** Ended by Ctrl-C: 128 + SIGINT. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
