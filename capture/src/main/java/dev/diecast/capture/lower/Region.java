package dev.diecast.capture.lower;

/** Memory that dispatches touch, before the arena is planned. */
sealed interface Region {
  /** A buffer of the plan, at its final place. */
  record Fixed(int buffer) implements Region {}

  /** A stretch of the arena whose offset the memory planner chooses. Compared by identity. */
  final class Scratch implements Region {
    private final String label;
    private final long bytes;

    Scratch(String label, long bytes) {
      this.label = label;
      this.bytes = bytes;
    }

    String label() {
      return label;
    }

    long bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      return label + "[" + bytes + "]";
    }
  }
}
