package dev.diecast.replay.cpu.gemv;

import org.jspecify.annotations.Nullable;

/**
 * One product of a dispatch: w x plus what the results say, or silu(w x) * (up x).
 *
 * @param up of the same shape as w, apart from the type and the distance of the rows
 */
record Segment(Weights w, @Nullable Weights up, Results results) {
  /** Weight bytes of a quad of rows. */
  long quadBytes() {
    return w.quadBytes() + (up == null ? 0 : up.quadBytes());
  }

  /** Multiply-adds of a quad of rows and one vector. */
  long quadMultiplyAdds() {
    return (up == null ? 4L : 8L) * w.matrix().cols();
  }
}
