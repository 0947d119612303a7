package dev.diecast.kernels.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.host.HostFinding.Kind;
import dev.diecast.kernels.msl.MslSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each defect is planted at the line of a kernel that says {@code // BAD}, and the checker names
 * that line; without the defect the same kernel is clean.
 */
class PlantedDefectsTest {
  private static final long FLOATS = 256;

  private static final Path CACHE = Path.of("target", "host-kernels");
  private static HostCompiler compiler;

  /**
   * A kernel body in two forms.
   *
   * @param name of the defect
   * @param kind of the finding
   * @param bad the body with the defect
   * @param good the body without it
   */
  record Defect(String name, Kind kind, String bad, String good) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
    compiler = HostCompiler.in(CACHE);
  }

  static Stream<Defect> defects() {
    return Stream.of(
        new Defect(
            "dropped barrier",
            Kind.RACE,
            """
            threadgroup float s[64];
            s[t] = x[t];

            y[g * 64 + t] = s[63 - t]; // BAD
            """,
            """
            threadgroup float s[64];
            s[t] = x[t];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            y[g * 64 + t] = s[63 - t];
            """),
        new Defect(
            "barrier that orders other memory",
            Kind.RACE,
            """
            threadgroup float s[64];
            s[t] = x[t];
            threadgroup_barrier(mem_flags::mem_device);
            y[g * 64 + t] = s[63 - t]; // BAD
            """,
            """
            threadgroup float s[64];
            s[t] = x[t];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            y[g * 64 + t] = s[63 - t];
            """),
        new Defect(
            "device memory behind a threadgroup barrier",
            Kind.RACE,
            """
            y[g * 64 + t] = x[t];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            float v = y[g * 64 + 63 - t]; // BAD
            threadgroup_barrier(mem_flags::mem_device);
            y[g * 64 + t] = v;
            """,
            """
            y[g * 64 + t] = x[t];
            threadgroup_barrier(mem_flags::mem_device);
            float v = y[g * 64 + 63 - t];
            threadgroup_barrier(mem_flags::mem_device);
            y[g * 64 + t] = v;
            """),
        new Defect(
            "missing second barrier of a loop",
            Kind.RACE,
            """
            threadgroup float s[64];
            float sum = 0.0f;
            for (uint i = 0; i < 3; i++) {
              s[t] = x[t + i]; // BAD
              threadgroup_barrier(mem_flags::mem_threadgroup);
              sum += s[63 - t];
            }
            y[g * 64 + t] = sum;
            """,
            """
            threadgroup float s[64];
            float sum = 0.0f;
            for (uint i = 0; i < 3; i++) {
              s[t] = x[t + i];
              threadgroup_barrier(mem_flags::mem_threadgroup);
              sum += s[63 - t];
              threadgroup_barrier(mem_flags::mem_threadgroup);
            }
            y[g * 64 + t] = sum;
            """),
        new Defect(
            "simdgroup barrier between simdgroups",
            Kind.RACE,
            """
            threadgroup float s[64];
            s[t] = x[t];
            simdgroup_barrier(mem_flags::mem_threadgroup);
            y[g * 64 + t] = s[t ^ 32]; // BAD
            """,
            """
            threadgroup float s[64];
            s[t] = x[t];
            simdgroup_barrier(mem_flags::mem_threadgroup);
            y[g * 64 + t] = s[t ^ 31];
            """),
        new Defect(
            "shuffle in place of a barrier",
            Kind.RACE,
            """
            threadgroup float s[64];
            s[t] = simd_sum(x[t]);
            float v = simd_shuffle(x[t], ushort(0));
            y[g * 64 + t] = s[t ^ 1] + v; // BAD
            """,
            """
            threadgroup float s[64];
            s[t] = simd_sum(x[t]);
            float v = simd_shuffle(x[t], ushort(0));
            simdgroup_barrier(mem_flags::mem_threadgroup);
            y[g * 64 + t] = s[t ^ 1] + v;
            """),
        new Defect(
            "threadgroups write one place",
            Kind.RACE,
            "y[t] = x[g * 64 + t]; // BAD",
            "y[g * 64 + t] = x[g * 64 + t];"),
        new Defect(
            "threadgroups read what others write",
            Kind.RACE,
            """
            threadgroup_barrier(mem_flags::mem_device);
            y[g * 64 + t] = y[(g ^ 1) * 64 + t]; // BAD
            """,
            """
            threadgroup_barrier(mem_flags::mem_device);
            y[g * 64 + t] = x[(g ^ 1) * 64 + t];
            """),
        new Defect(
            "all threads write, not one",
            Kind.RACE,
            "y[g] = x[g * 64 + t]; // BAD",
            "if (t == 0) y[g] = x[g * 64 + t];"),
        new Defect(
            "plain add where an atomic is needed",
            Kind.RACE,
            """
            device int* c = (device int*)y;
            c[t % 8] += 1; // BAD
            """,
            """
            device atomic_int* c = (device atomic_int*)y;
            atomic_fetch_add_explicit(&c[t % 8], 1, memory_order_relaxed);
            """),
        new Defect(
            "plain read of an atomic",
            Kind.RACE,
            """
            device atomic_int* c = (device atomic_int*)y;
            atomic_fetch_add_explicit(&c[g], 1, memory_order_relaxed);
            if (((device int*)y)[g] > 3) y[128 + g] = 1.0f; // BAD
            """,
            """
            device atomic_int* c = (device atomic_int*)y;
            atomic_fetch_add_explicit(&c[g], 1, memory_order_relaxed);
            threadgroup_barrier(mem_flags::mem_device);
            if (t == 0 && ((device int*)y)[g] > 3) y[128 + g] = 1.0f;
            """),
        new Defect(
            "read one past the end",
            Kind.OUT_OF_BOUNDS,
            "y[g * 64 + t] = x[g * 64 + t + 1]; // BAD",
            "y[g * 64 + t] = x[g * 64 + t];"),
        new Defect(
            "wide read across the end",
            Kind.OUT_OF_BOUNDS,
            "y[g * 64 + t] = ((device const packed_float4*)x)[g * 64 + t][0]; // BAD",
            "y[g * 64 + t] = ((device const packed_float4*)x)[t][0];"),
        new Defect(
            "write past the end",
            Kind.OUT_OF_BOUNDS,
            "y[g * 64 + t + 64] = x[t]; // BAD",
            "y[g * 64 + t] = x[t];"),
        new Defect(
            "index that underflows",
            Kind.OUT_OF_BOUNDS,
            "y[g * 64 + t] = x[int(g * 64 + t) - 1]; // BAD",
            "y[g * 64 + t] = x[max(int(g * 64 + t) - 1, 0)];"),
        new Defect(
            "address far from any buffer",
            Kind.OUT_OF_BOUNDS,
            "y[g * 64 + t] = x[(long(t) + 1l) << 40]; // BAD",
            "y[g * 64 + t] = x[t];"),
        new Defect(
            "threadgroup array through a pointer",
            Kind.OUT_OF_BOUNDS,
            """
            threadgroup float s[64];
            threadgroup float* p = s;
            p[t + 1] = x[t]; // BAD
            """,
            """
            threadgroup float s[64];
            threadgroup float* p = s;
            p[t] = x[t];
            """),
        new Defect(
            "index beyond a local array",
            Kind.ARRAY_INDEX,
            """
            float a[4] = {x[t], x[t], x[t], x[t]};
            y[g * 64 + t] = a[n - 4 + t % 8]; // BAD
            """,
            """
            float a[4] = {x[t], x[t], x[t], x[t]};
            y[g * 64 + t] = a[n - 4 + t % 4];
            """),
        new Defect(
            "read of threadgroup memory that nobody wrote",
            Kind.UNINITIALISED,
            """
            threadgroup float s[64];
            if (t < 32) s[t] = x[t];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            y[g * 64 + t] = s[t]; // BAD
            """,
            """
            threadgroup float s[64];
            if (t < 32) s[t] = x[t];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            y[g * 64 + t] = s[t % 32];
            """),
        new Defect(
            "threadgroup memory expected to be zero",
            Kind.UNINITIALISED,
            """
            threadgroup atomic_int c[1];

            atomic_fetch_add_explicit(&c[0], 1, memory_order_relaxed); // BAD
            """,
            """
            threadgroup atomic_int c[1];
            if (t == 0) atomic_store_explicit(&c[0], 0, memory_order_relaxed);
            threadgroup_barrier(mem_flags::mem_threadgroup);
            atomic_fetch_add_explicit(&c[0], 1, memory_order_relaxed);
            """),
        new Defect(
            "results read before they are written",
            Kind.UNINITIALISED,
            "z[g * 64 + t] += x[t]; // BAD",
            "z[g * 64 + t] = x[t];"),
        new Defect(
            "early return before a barrier",
            Kind.BARRIER,
            """
            if (t >= 40) return;
            threadgroup_barrier(mem_flags::mem_threadgroup); // BAD
            y[g * 64 + t] = x[t];
            """,
            """
            if (t >= 64) return;
            threadgroup_barrier(mem_flags::mem_threadgroup);
            y[g * 64 + t] = x[t];
            """),
        new Defect(
            "barriers of two branches",
            Kind.BARRIER,
            """
            if (t < 32) {
              threadgroup_barrier(mem_flags::mem_threadgroup);
              y[g * 64 + t] = 1.0f;
            } else {
              threadgroup_barrier(mem_flags::mem_device); // BAD
            }
            """,
            """
            threadgroup_barrier(mem_flags::mem_threadgroup);
            if (t < 32) y[g * 64 + t] = 1.0f;
            """),
        new Defect(
            "simd operation in a branch",
            Kind.SIMD,
            """
            float v = x[t];
            if (t % 32 < 20) v = simd_sum(v); // BAD
            y[g * 64 + t] = v;
            """,
            """
            float v = x[t];
            if (t < 32) v = simd_sum(v);
            y[g * 64 + t] = v;
            """),
        new Defect(
            "simd operation in a loop of unequal length",
            Kind.SIMD,
            """
            float v = 0.0f;
            for (uint i = 0; i < 1 + t % 3; i++) {
              v += simd_max(x[t + i]); // BAD
            }
            y[g * 64 + t] = v;
            """,
            """
            float v = 0.0f;
            for (uint i = 0; i < 1 + t / 32; i++) {
              v += simd_max(x[t + i]);
            }
            y[g * 64 + t] = v;
            """),
        new Defect(
            "lane left before a simd operation",
            Kind.SIMD,
            """
            if (t == 5) return;
            y[g * 64 + t] = simd_sum(x[t]); // BAD
            """,
            """
            if (t >= 32) return;
            y[g * 64 + t] = simd_sum(x[t]);
            """),
        new Defect(
            "barrier against simd operation",
            Kind.SIMD,
            """
            if (t % 2 == 0) {
              threadgroup_barrier(mem_flags::mem_none);
            } else {
              y[g * 64 + t] = simd_sum(x[t]); // BAD
            }
            """,
            """
            threadgroup_barrier(mem_flags::mem_none);
            y[g * 64 + t] = simd_sum(x[t]);
            """),
        new Defect(
            "write through a const pointer",
            Kind.READ_ONLY,
            """
            device float* w = (device float*)x;
            w[g * 64 + t] = 2.0f; // BAD
            """,
            """
            device float* w = (device float*)y;
            w[g * 64 + t] = 2.0f;
            """),
        new Defect(
            "misaligned wide load",
            Kind.MISALIGNED,
            "y[g * 64 + t] = ((device const float4*)(x + 1))[t % 8].x; // BAD",
            "y[g * 64 + t] = ((device const float4*)(x + 4))[t % 8].x;"),
        new Defect(
            "division by zero",
            Kind.FAULT,
            "y[g * 64 + t] = float(64 / int(t % 4)); // BAD",
            "y[g * 64 + t] = float(64 / int(t % 4 + 1));"));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void isCaughtAtItsLine(Defect defect) {
    int line = 1 + (int) text(defect.bad()).lines().takeWhile(l -> !l.contains("// BAD")).count();
    for (Schedule schedule : Schedule.all()) {
      HostReport report = run(defect.bad(), schedule);
      assertThat(report.findings())
          .as("%s, %s", defect, schedule)
          .anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(defect.kind());
            assertThat(finding.toString()).startsWith("planted.metal:" + line + ": ");
          });
    }
  }

  @ParameterizedTest
  @MethodSource("defects")
  void isNotSeenWhereItIsNot(Defect defect) {
    for (Schedule schedule : Schedule.all()) {
      HostReport report = run(defect.good(), schedule);
      assertThat(report.findings()).as("%s, %s", defect, schedule).isEmpty();
      assertThat(report.complete()).isTrue();
    }
  }

  private static String text(String body) {
    return """
    #include <metal_stdlib>
    using namespace metal;
    kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
                  device float* z [[buffer(2)]], constant uint& n [[buffer(3)]],
                  uint g [[threadgroup_position_in_grid]],
                  uint t [[thread_index_in_threadgroup]]) {
    """
        + body
        + "\n}\n";
  }

  /** Four threadgroups of 64 threads over buffers of 256 floats, with n = 4. */
  private static HostReport run(String body, Schedule schedule) {
    MslSource source = MslSource.ofText("planted.metal", text(body));
    try (HostLibrary library = compiler.compile(source, Map.of(), HostMode.CHECKED);
        Arena arena = Arena.ofConfined()) {
      MemorySegment n = arena.allocate(4, 4);
      n.set(ValueLayout.JAVA_INT, 0, 4);
      Map<String, HostBuffer> buffers =
          Map.of(
              "x", HostBuffer.of(arena.allocate(4 * FLOATS, 256)),
              "y", HostBuffer.of(arena.allocate(4 * FLOATS, 256)),
              "z", HostBuffer.undefined(arena.allocate(4 * FLOATS, 256)),
              "n", HostBuffer.of(n));
      var launch = new HostLaunch(Size3.of(4), Size3.of(64), buffers);
      return library.kernel("k").dispatch(launch.with(schedule));
    }
  }
}
