package dev.diecast.kernels.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.host.HostFinding.Kind;
import dev.diecast.kernels.msl.MslSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels that would hang or crash a process: a finding, and the process goes on. */
class BadKernelsTest {
  private static HostCompiler compiler;

  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
    compiler = HostCompiler.in(Path.of("target", "host-kernels"));
  }

  @ParameterizedTest
  @EnumSource
  void endlessLoopIsGivenUp(HostMode mode) {
    HostReport report = run("while (x[0] < 1.0f) { if (x[1] > 2.0f) break; }", mode, 1);
    assertThat(report.complete()).isFalse();
    assertThat(report.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.TIMEOUT))
        .asString()
        .startsWith("bad.metal:");
  }

  @ParameterizedTest
  @EnumSource
  void endlessWaitForOthersIsGivenUp(HostMode mode) {
    HostReport report =
        run(
            """
            device atomic_uint* c = (device atomic_uint*)y;
            while (atomic_load_explicit(c, memory_order_relaxed) == 0u) { }
            """,
            mode,
            1);
    assertThat(report.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.TIMEOUT))
        .asString()
        // The alarm may find the thread at any line of the kernel: it is entered and left all the
        // time.
        .startsWith("bad.metal:");
  }

  @Test
  void wildAddressIsAFaultInPlainMode() {
    HostReport report = run("y[(1ul << 44) + t] = 1.0f;", HostMode.PLAIN, 5);
    assertThat(report.complete()).isFalse();
    assertThat(report.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.FAULT))
        .asString()
        .startsWith("bad.metal:4: ")
        .contains("thread 0 of threadgroup 0");
  }

  @ParameterizedTest
  @EnumSource
  void fullStackIsAFault(HostMode mode) {
    HostReport report =
        run(
            """
            volatile float a[100000];
            for (uint i = 0; i < 100000; i++) a[i] = x[i % 64];
            y[t] = a[t];
            """,
            mode, 5);
    assertThat(report.complete()).isFalse();
    assertThat(report.findings()).singleElement().asString().startsWith("bad.metal:");
  }

  @Test
  void faultsOfTheVirtualMachineStayItsOwn() throws Exception {
    var stop = new AtomicBoolean();
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<Long> caught = other.submit(() -> nullPointers(stop));
      for (int i = 0; i < 50; i++) {
        run("y[(1ul << 44) + t] = 1.0f;", HostMode.PLAIN, 5);
      }
      stop.set(true);
      assertThat(caught.get()).isPositive();
    }
  }

  /**
   * Each dereference is a fault that the virtual machine turns into an exception, once compiled.
   */
  private static long nullPointers(AtomicBoolean stop) {
    long caught = 0;
    var holders = new Holder[] {new Holder("a"), null};
    for (int i = 0; !stop.get(); i++) {
      try {
        caught += Objects.requireNonNull(holders[i & 1].value).length() - 1;
      } catch (NullPointerException e) {
        caught++;
      }
    }
    return caught;
  }

  private record Holder(String value) {}

  @Test
  void launchesThatDoNotFitAreRefused() {
    MslSource source = MslSource.ofText("bad.metal", text("y[t] = x[t];"));
    try (HostLibrary library = compiler.compile(source, Map.of(), HostMode.PLAIN);
        Arena arena = Arena.ofConfined()) {
      HostKernel kernel = library.kernel("k");
      MemorySegment memory = arena.allocate(1024, 256);
      assertThatThrownBy(() -> kernel.dispatch(launch(Map.of("q", HostBuffer.of(memory)))))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("has no argument 'q'");
      assertThatThrownBy(() ->
              kernel.dispatch(
                  launch(
                      Map.of(
                          "x", HostBuffer.of(memory.asSlice(0, 512)),
                          "y", HostBuffer.of(memory.asSlice(508, 512))))))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("writes 'y', whose memory is also bound to 'x'");
      assertThatThrownBy(() -> kernel.dispatch(launch(Map.of("x", new HostBuffer.Threadgroup(64)))))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("cannot take what the launch binds to 'x'");
      assertThatThrownBy(() -> library.kernel("other"))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("bad.metal has no kernel 'other'");
    }
  }

  @Test
  void constantsThatAreNoValuesAreRefused() {
    MslSource source = MslSource.ofText("bad.metal", text("y[t] = x[t];"));
    assertThatThrownBy(() -> compiler.compile(source, Map.of("A", "1 2"), HostMode.PLAIN))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("'A = 1 2' is no value of a function constant");
  }

  private static HostLaunch launch(Map<String, HostBuffer> buffers) {
    return new HostLaunch(Size3.of(1), Size3.of(64), buffers);
  }

  private static String text(String body) {
    return """
    using namespace metal;
    kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
                  uint t [[thread_position_in_grid]]) {
    """
        + body
        + "\n}\n";
  }

  private static HostReport run(String body, HostMode mode, int seconds) {
    MslSource source = MslSource.ofText("bad.metal", text(body));
    try (HostLibrary library = compiler.compile(source, Map.of(), mode);
        Arena arena = Arena.ofConfined()) {
      Map<String, HostBuffer> buffers =
          Map.of(
              "x", HostBuffer.of(arena.allocate(1024, 256)),
              "y", HostBuffer.of(arena.allocate(1024, 256)));
      return library.kernel("k").dispatch(launch(buffers).within(seconds));
    }
  }
}
