package dev.diecast.kernels.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases in comments: read, run, and refused where they are not sound. */
class HostCheckTest {
  private static final String GEMV =
      """
      #include <metal_stdlib>
      using namespace metal;
      constant int ROWS [[function_constant(0)]];
      struct Args { uint columns; float scale; };
      kernel void gemv(device const half* w [[buffer(0)]], device const float* x [[buffer(1)]],
                       device float* y [[buffer(2)]], constant Args& args [[buffer(3)]],
                       constant uint& seed [[buffer(4)]],
                       threadgroup float* partial [[threadgroup(0)]],
                       uint g [[threadgroup_position_in_grid]],
                       uint t [[thread_index_in_threadgroup]],
                       uint lane [[thread_index_in_simdgroup]],
                       uint sg [[simdgroup_index_in_threadgroup]],
                       uint sgs [[simdgroups_per_threadgroup]]) {
        for (int r = 0; r < ROWS; r++) {
          const uint row = g * uint(ROWS) + uint(r);
          float sum = 0.0f;
          for (uint i = t; i < args.columns; i += 64) sum += float(w[row * args.columns + i]) * x[i];
          sum = simd_sum(sum);
          if (lane == 0) partial[sg] = sum;
          threadgroup_barrier(mem_flags::mem_threadgroup);
          if (t == 0) {
            for (uint i = 1; i < sgs; i++) sum += partial[i];
            y[row] = sum * args.scale + float(seed);
          }
          threadgroup_barrier(mem_flags::mem_threadgroup);
        }
      }
      """;
  private static final String CASES =
      """
      // check: kernel gemv grid 4 threads 64 constant ROWS 2
      // check:   buffer w f16[800] random buffer x f32[100] random buffer y f32[8] undefined
      // check:   args args columns=100 scale=0.5 args seed 3 threadgroup partial 8
      // check: kernel gemv grid 8 1 1 threads 64 constant ROWS 1 buffer w f16[800] ramp
      // check:   buffer x f32[100] 1 buffer y f32[8] undefined args args columns=100 args seed 0
      // check:   threadgroup partial 8
      """;

  private static final Path CACHE = Path.of("target", "host-kernels");
  private static HostCompiler compiler;

  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
    compiler = HostCompiler.in(CACHE);
  }

  @Test
  void cleanKernelReadsItsWeightsOnce() {
    List<CheckedCase> cases = check(GEMV + CASES);
    assertThat(cases).hasSize(2);
    for (CheckedCase one : cases) {
      assertThat(one.findings()).isEmpty();
      assertThat(one.complete()).isTrue();
      BufferTraffic weights = one.traffic().getFirst();
      assertThat(weights.name()).isEqualTo("w");
      assertThat(weights.read()).isEqualTo(1600);
      assertThat(weights.distinctRead()).isEqualTo(1600);
      assertThat(one.traffic().get(2).distinctWritten()).isEqualTo(32);
    }
  }

  @Test
  void shortBufferIsFound() {
    List<CheckedCase> cases = check(GEMV + CASES.replaceFirst("f16\\[800]", "f16[799]"));
    assertThat(cases.getFirst().findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(HostFinding.Kind.OUT_OF_BOUNDS))
        .asString()
        .startsWith("gemv.metal:")
        .contains("byte 1598 of 'w'");
    assertThat(cases.getLast().findings()).isEmpty();
  }

  @Test
  void kernelWithoutACaseRunsOverZeroes() {
    List<CheckedCase> cases =
        check(
            """
            #include <metal_stdlib>
            using namespace metal;
            kernel void early(device float* y [[buffer(0)]], uint t [[thread_position_in_grid]]) {
              if (t == 7) return;
              threadgroup_barrier(mem_flags::mem_threadgroup);
              y[t] = 1.0f;
            }
            """);
    assertThat(cases)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.isDefault()).isTrue();
          assertThat(one.findings()).singleElement().asString().startsWith("gemv.metal:5: ");
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          kernel nobody                                 | no kernel 'nobody'
          grid 4                                        | starts with 'kernel NAME'
          kernel gemv grid 0                            | sizes from 1
          kernel gemv grid many                         | is a whole number, not 'many'
          kernel gemv buffer q f32[4]                   | no argument 'q'
          kernel gemv buffer x f31[4]                   | not 'f31[4]'
          kernel gemv constant COLUMNS 4                | no function constant 'COLUMNS'
          kernel gemv constant ROWS 1 args args width=4 | no field 'width'
          kernel gemv args args columns=x               | is not FIELD=NUMBER
          kernel gemv threads 2048                      | at most 1024 threads
          kernel gemv threadgroup partial 99999         | at most 32768
          kernel gemv buffer x f32[999999999999]        | 1 byte to 1 GiB
          kernel gemv dance                             | 'dance' is none of
          kernel gemv threads                           | the check ends where
          """)
  void unsoundCasesAreRefusedAtTheirLine(String words, String reason) {
    int line = 1 + (int) GEMV.lines().count();
    assertThatThrownBy(() -> check(GEMV + "// check: " + words + "\n"))
        .isInstanceOf(MslException.class)
        .hasMessageStartingWith("gemv.metal:" + line + ": ")
        .hasMessageContaining(reason);
  }

  @Test
  void textThatDoesNotCompileIsRefusedWithItsLine() {
    assertThatThrownBy(() -> check("kernel void k(device float* y [[buffer(0)]]) { y[0] = z; }\n"))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("gemv.metal does not compile")
        .hasMessageContaining("gemv.metal:1:");
  }

  private static List<CheckedCase> check(String text) {
    return HostCheck.run(compiler, MslModule.parse(MslSource.ofText("gemv.metal", text)));
  }
}
