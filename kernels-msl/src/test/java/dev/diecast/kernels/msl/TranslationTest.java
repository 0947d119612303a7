package dev.diecast.kernels.msl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TranslationTest {
  private static final String TEXT =
      """
      #include <metal_stdlib>
      using namespace metal;
      #define HALF 0.5
      constant int up_type [[function_constant(0)]];
      constant bool has_up = up_type >= 0;
      constant float table[2] = {1.0, 2.0f};
      template <typename T>
      [[kernel]] void scale(device const T* x [[buffer(1)]], constant uint& n [[buffer(0)]],
                            device T* up [[buffer(2), function_constant(has_up)]],
                            threadgroup T* shared, uint i [[thread_position_in_grid]]) {
        threadgroup T part[32];
        part[i % 32] = x[i] * 2.5;
      }
      template [[host_name("scale_f32")]] kernel void scale<float>(device const float*, constant uint&,
          device float*, threadgroup float*, uint);
      """;

  @Test
  void everyLineStaysOnItsNumber() {
    for (Dialect dialect : Dialect.values()) {
      String text = translate(dialect);
      String body = text.substring(text.indexOf("#line 1 \"t.metal\"\n"));
      assertThat(body.lines().toList().get(12)).as("%s", dialect).contains("x[i] * 2.5f;");
    }
  }

  @Test
  void hostEntriesTakeOnePointerPerArgument() {
    assertThat(translate(Dialect.HOST))
        .contains(
            "MSL_FUNCTION_CONSTANT(int, up_type, up_type)",
            "#error function constant up_type has no value",
            "#define HALF 0.5f",
            "MSL_TG T part[32]; MSL_TG_REG(part);",
            "void mslk_scale_f32(void** a) { msl::scale<float>(msl_rt::any_ptr{a[0]},"
                + " msl_rt::any_ptr{a[1]}, msl_rt::any_ptr{has_up ? a[2] : nullptr},"
                + " msl_rt::any_ptr{a[3]}, MSL_TPIG); }")
        .doesNotContain("[[", "#include <");
  }

  @Test
  void cudaEntriesAreOrderedByIndex() {
    assertThat(translate(Dialect.CUDA))
        .contains(
            "scale_f32(const uint n, const float* __restrict__ x, float* __restrict__ up,"
                + " unsigned shared_offset)",
            "msl::scale<float>(x, n, has_up ? up : nullptr,"
                + " (float*)(msl_dynamic_threadgroup + shared_offset), MSL_TPIG)");
  }

  @Test
  void functionConstantsThatTheTextAsksForAreOptional() {
    String text =
        Translation.of(
                MslSource.ofText(
                    "t.metal",
                    """
                    constant int a [[function_constant(0)]];
                    constant int b = is_function_constant_defined(a) ? a : 4;
                    """),
                Dialect.HOST)
            .text();
    assertThat(text).contains("#define MSL_HAS_a false").doesNotContain("#error");
  }

  private static String translate(Dialect dialect) {
    return Translation.of(MslSource.ofText("t.metal", TEXT), dialect).text();
  }
}
