package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.gemv.LinearsCase.Part.gated;
import static dev.diecast.replay.cpu.gemv.LinearsCase.Part.plain;
import static dev.diecast.replay.cpu.gemv.LinearsCase.Part.sum;

import dev.diecast.plans.gguf.TensorType;

/** The fused kernels on shapes that reach every path, for a test and for forced vector widths. */
final class FusedCases {
  private FusedCases() {}

  /** Two types in all three kernels; not many values, so that every width can afford it. */
  static void few(TensorType a, TensorType b) {
    int cols = a.blockValues() == 256 || b.blockValues() == 256 ? 512 : 416;
    for (int tokens : new int[] {1, 5, 29}) {
      LinearsCase.of(cols, tokens, tokens, true, sum(a, 7), plain(b, 13), gated(a, b, 9), sum(b, 1))
          .check();
      new ExpertsCase(a, b, 10, cols, tokens, tokens, true).gateUp();
      new ExpertsCase(a, b, 10, cols, tokens, tokens, true).down();
    }
  }

  /** All of linears. */
  static void linears(TensorType a, TensorType b) {
    int block = Math.max(a.blockValues(), b.blockValues());
    for (int cols : new int[] {block, 3 * block, 768}) {
      LinearsCase.of(cols, 1, 1, false, plain(a, 6)).check();
      LinearsCase.of(cols, 1, 1, true, sum(a, 300)).check();
      LinearsCase.of(cols, 1, 1, true, gated(a, b, 263), plain(b, 3)).check();
      LinearsCase.of(cols, 5, 3, true, sum(a, 11), plain(b, 12), gated(b, a, 30)).check();
      LinearsCase.of(cols, 5, 1, true, sum(a, 11), gated(a, a, 5)).check();
      LinearsCase.of(cols, 5, 9, false, sum(b, 11), gated(a, b, 66)).check();
      LinearsCase.of(cols, 33, 32, true, sum(b, 75), gated(a, b, 6)).check();
      LinearsCase.last(cols, 5, 3, true, plain(a, 21), sum(b, 7)).check();
      LinearsCase.last(cols, 4, 4, false, plain(a, 21)).check();
      LinearsCase.last(cols, 4, 0, true, plain(a, 21)).check();
    }
    LinearsCase.of(block, 131, 130, true, sum(a, 9), gated(a, b, 6)).check();
  }

  /** All of the experts' kernels. */
  static void experts(TensorType a, TensorType b) {
    int block = Math.max(a.blockValues(), b.blockValues());
    for (int cols : new int[] {block, 3 * block}) {
      for (boolean extra : new boolean[] {false, true}) {
        new ExpertsCase(a, b, 10, cols, 1, 1, extra).gateUp();
        new ExpertsCase(a, b, 70, cols, 7, 7, extra).gateUp();
        new ExpertsCase(b, a, 9, cols, 6, 4, extra).gateUp();
        new ExpertsCase(a, b, 10, cols, 1, 1, extra).down();
        new ExpertsCase(a, null, 301, cols, 1, 1, extra).down();
        new ExpertsCase(a, b, 203, cols, 7, 7, extra).down();
        new ExpertsCase(b, a, 10, cols, 6, 4, extra).down();
        new ExpertsCase(b, null, 10, cols, 6, 1, extra).down();
        new ExpertsCase(b, a, 10, cols, 6, 0, extra).down();
      }
    }
    new ExpertsCase(a, b, 20, block, 250, 249, true).gateUp();
    new ExpertsCase(a, b, 20, block, 250, 249, true).down();
  }
}
