package dev.diecast.kernels.msl.rules;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;

/** The clang of this machine. */
final class SomeClang {
  private SomeClang() {}

  /** Skips the test where there is none. */
  static Clang orSkip() throws IOException {
    try {
      return Clang.find();
    } catch (ClangUnavailable e) {
      return abort("no clang: " + e.getMessage());
    }
  }
}
