package dev.diecast.tools;
import dev.diecast.bindings.posix.Descriptors;

/** The diecast command. */
public final class Diecast {
  private Diecast() {}

  /** Runs the command line. */
  public static void main(String[] args) {
    long t = System.nanoTime();
    if (Integer.getInteger("diecast.stderr.descriptor") != null) Descriptors.duplicate(3, 2);
    System.err.println("dup2 " + (System.nanoTime() - t) / 1e6);
  }
}
