package dev.diecast.replay.cpu.ops;

/** Rows cut into pieces of fixed size, so that the cut does not depend on who computes them. */
final class Chunks {
  private Chunks() {}

  /** How many pieces of {@code size} cover n values. */
  static int in(int n, int size) {
    return (int) (((long) n + size - 1) / size);
  }
}
