package dev.diecast.kernels.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.msl.MslSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kernels compiled, loaded and dispatched from Java. */
class HostTest {
  private static final String SCALE =
      """
      #include <metal_stdlib>
      using namespace metal;
      constant int FACTOR [[function_constant(0)]];
      struct Args { uint n; float shift; };
      kernel void scale(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
                        constant Args& args [[buffer(2)]], uint i [[thread_position_in_grid]]) {
        if (i < args.n) y[i] = x[i] * float(FACTOR) + args.shift;
      }
      """;

  private static final Path CACHE = Path.of("target", "host-kernels");

  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
  }

  @Test
  void twoSetsOfFunctionConstantsRunInOneProcess() {
    HostCompiler compiler = HostCompiler.in(CACHE);
    MslSource source = MslSource.ofText("scale.metal", SCALE);
    for (HostMode mode : HostMode.values()) {
      try (HostLibrary doubles = compiler.compile(source, Map.of("FACTOR", "2"), mode);
          HostLibrary triples = compiler.compile(source, Map.of("FACTOR", "3"), mode)) {
        assertThat(scaled(doubles)).isEqualTo(2 * 69.0f + 0.5f);
        assertThat(scaled(triples)).isEqualTo(3 * 69.0f + 0.5f);
      }
    }
  }

  private static float scaled(HostLibrary library) {
    try (Arena arena = Arena.ofConfined()) {
      int n = 70;
      MemorySegment x = arena.allocate(ValueLayout.JAVA_FLOAT, n);
      MemorySegment y = arena.allocate(ValueLayout.JAVA_FLOAT, n);
      for (int i = 0; i < n; i++) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      MemorySegment args = arena.allocate(8, 4);
      args.set(ValueLayout.JAVA_INT, 0, n);
      args.set(ValueLayout.JAVA_FLOAT, 4, 0.5f);
      HostReport report =
          library
              .kernel("scale")
              .dispatch(
                  new HostLaunch(
                      Size3.of(3),
                      Size3.of(32),
                      Map.of(
                          "x", HostBuffer.of(x),
                          "y", HostBuffer.undefined(y),
                          "args", HostBuffer.of(args))));
      assertThat(report.findings()).isEmpty();
      assertThat(report.complete()).isTrue();
      return y.getAtIndex(ValueLayout.JAVA_FLOAT, n - 1);
    }
  }
}
