package dev.diecast.kernels.gpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.host.HostCompiler;
import org.junit.jupiter.api.BeforeAll;

/** Tests that compile kernels for this machine. */
interface NeedsClang {
  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
  }
}
