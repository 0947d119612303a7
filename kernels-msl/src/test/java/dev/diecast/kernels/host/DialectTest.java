package dev.diecast.kernels.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.msl.MslSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What expressions of MSL mean, lane by lane, by the words of its specification. */
class DialectTest {
  private static final int LANES = 32;

  private static final Path CACHE = Path.of("target", "host-kernels");

  /**
   * An expression over the lane's number {@code l} (uint) and {@code f} (the same as float).
   *
   * @param text of type float
   * @param expected for each lane
   */
  record Meaning(String text, IntToDoubleFunction expected) {}

  private static Meaning is(String text, double expected) {
    return new Meaning(text, lane -> expected);
  }

  private static Meaning is(String text, IntToDoubleFunction expected) {
    return new Meaning(text, expected);
  }

  private static final List<Meaning> VECTORS =
      List.of(
          is("float4(1.0f, 2.0f, 3.0f, 4.0f).wzyx[0]", 4),
          is("dot(float4(1.0f, 2.0f, 3.0f, 4.0f), float4(2.0f))", 20),
          is("float4(float2(1.0f, 2.0f), 3.0f, f).w", l -> l),
          is("float4(float3(7.0f), f).xyz[2]", 7),
          is("float4(1.0f, 2.0f, 3.0f, 4.0f).hi.y + float4(5.0f).lo.x", 9),
          is("float(sizeof(float3)) + float(sizeof(packed_float3)) / 100.0f", 16.12),
          is("float(alignof(half4)) + float(alignof(packed_half4)) / 100.0f", 8.02),
          is("float((int4(7, 8, 9, 10) % 4).w + (int4(1) << 3).x)", 10),
          is("any(float2(f, 1.0f) > float2(30.0f, 2.0f)) ? 1.0f : 0.0f", l -> l > 30 ? 1 : 0),
          is("all(float2(f) < 16.0f) ? 1.0f : 0.0f", l -> l < 16 ? 1 : 0),
          is("select(float2(1.0f), float2(2.0f), bool2(true, false)).x", 2),
          is("float2(packed_float2(float2(3.0f, f))).y", l -> l),
          is("float4(packed_char4(char4(-3))).z + float4(packed_float3(float3(2.0f)), f).x", -1),
          is("as_type<float2>(as_type<uint2>(float2(f, 2.0f))).x", l -> l),
          is("float(as_type<uint>(1.0f) >> 23)", 127),
          is("float(as_type<ushort2>(0x00020001u).y)", 2),
          is("clamp(f, 3.0f, 5.0f)", l -> Math.clamp(l, 3, 5)),
          is("mix(2.0f, 4.0f, 0.25f)", 2.5),
          is(
              "max(float4(1.0f, 5.0f, 2.0f, 3.0f), 4.0f).y + min(float2(f), float2(3.0f)).x",
              l -> 5 + Math.min(l, 3)),
          is(
              "length(float2(3.0f, 4.0f)) + cross(float3(1.0f, 0.0f, 0.0f), float3(0.0f, 1.0f, 0.0f)).z",
              6),
          is("(-float3(1.0f, 2.0f, 3.0f)).y + float((~int2(0)).x)", -3),
          is("float((uchar4(200) + uchar4(100)).x)", 44),
          is("float(char(-5) >> 1) + float(uchar(251) >> 1)", 122),
          is("float(short(ushort(65535)))", -1));

  private static final List<Meaning> SMALL_FLOATS =
      List.of(
          is("float(half(2049.0f))", 2048),
          is("float(half(2048.0f) + half(1.0f))", 2048),
          is("float(half(2048.0f)) + 1.0f", 2049),
          is("float((half(2048.0f) + half(1.0f)) - half(2048.0f))", 0),
          is("float(fma(half(3.0f), half(683.0f), half(1.0f)))", 2050),
          is("float(1.5h * 2.0h)", 3),
          is("float((half4(1.0h, 2.0h, 3.0h, 4.0h) * 2.0h).w)", 8),
          is("float(half(65504.0f) * 2.0h > 65504.0h ? 1.0h : 0.0h)", 1),
          is("float(as_type<half>(ushort(0x3555)))", 0.33325195),
          is("float(as_type<half>(ushort(1))) * 16777216.0f", 1),
          is("float(bfloat(1.0f + 1.0f / 512.0f))", 1),
          is("float(bfloat(257.0f))", 256),
          is("float(as_type<bfloat>(ushort(0x4049)))", 3.140625),
          is("float(bfloat4(float4(f)).x + bfloat(1.0f))", l -> l + 1),
          is("float4(half4(float4(f, 0.1f, 0.2f, 0.3f))).x", l -> l));

  private static final List<Meaning> FUNCTIONS =
      List.of(
          is("exp(1.0f) + log(2.0f) + exp2(3.0f) + log2(8.0f)", Math.E + Math.log(2) + 11),
          is("sqrt(2.0f) * rsqrt(2.0f)", 1),
          is("sin(0.5f) + cos(0.5f) + tanh(0.5f)", Math.sin(0.5) + Math.cos(0.5) + Math.tanh(0.5)),
          is("precise::exp(-1.0f) + fast::exp(-1.0f)", 2 * Math.exp(-1)),
          is("pow(2.0f, 10.0f) + fmod(7.5f, 2.0f)", 1025.5),
          is("rint(2.5f) + round(2.5f) + floor(-0.5f) + ceil(0.5f) + trunc(-1.5f)", 4),
          is(
              "saturate(f - 1.0f) + sign(-f) + step(3.0f, f)",
              l -> Math.clamp(l - 1, 0, 1) - Math.signum(l) + (l < 3 ? 0 : 1)),
          is("isnan(NAN) && isinf(INFINITY) && !isfinite(INFINITY) ? 1.0f : 0.0f", 1),
          is("float(popcount(255u) + clz(1u) + ctz(8u))", 8 + 31 + 3),
          is("float(mulhi(0x80000000u, 6u)) + float(extract_bits(0xabcdu, 4u, 8u))", 3 + 0xbc),
          is("float(abs(-7)) + abs(-0.5f) + fabs(-0.25f)", 7.75),
          is("float2x2(float2(1.0f, 2.0f), float2(3.0f, 4.0f))[1][0]", 3),
          is("(float2x2(float2(1.0f, 2.0f), float2(3.0f, 4.0f)) * float2(1.0f, 10.0f)).y", 42),
          is("(float2(1.0f, 10.0f) * float2x2(float2(1.0f, 2.0f), float2(3.0f, 4.0f))).y", 43),
          is("(float3x3(2.0f) * float3x3(3.0f))[2][2] + float(half4x4(2.0f)[1][1])", 8),
          is(
              "float(numeric_limits<short>::max()) + (is_same_v<float, float> ? 1.0f : 0.0f)",
              32768));

  private static final List<Meaning> LANES_TOGETHER =
      List.of(
          is("simd_sum(f)", 31 * 16),
          is("simd_max(f) + simd_min(f + 1.0f)", 32),
          is("simd_product(l < 4u ? 2.0f : 1.0f)", 16),
          is(
              "float(simd_sum(int(l)) + simd_or(1 << (l % 8)) + simd_and(15 | int(l)))",
              496 + 255 + 15),
          is("float(simd_xor(l))", 0),
          is("simd_sum(float4(f, 1.0f, 2.0f, 3.0f)).z", 64),
          is("float(simd_sum(half(1.0f)))", 32),
          is("simd_shuffle(f, ushort(5))", 5),
          is("simd_shuffle(f, ushort(31 - l))", l -> 31 - l),
          is("simd_shuffle_xor(f, ushort(1))", l -> l ^ 1),
          is("simd_shuffle_down(f, ushort(4))", l -> l + 4 < 32 ? l + 4 : l),
          is("simd_shuffle_up(f, ushort(4))", l -> l >= 4 ? l - 4 : l),
          is("simd_broadcast(f * 2.0f, ushort(9)) + simd_broadcast_first(f + 1.0f)", 19),
          is("simd_prefix_inclusive_sum(f)", l -> l * (l + 1) / 2.0),
          is("simd_prefix_exclusive_sum(f)", l -> l * (l - 1) / 2.0),
          is("simd_any(l == 3u) && !simd_all(l == 3u) && simd_all(l < 32u) ? 1.0f : 0.0f", 1),
          is("float(popcount(uint(ulong(simd_ballot(l % 4u == 0u)))))", 8),
          is("product(l)", l -> matrixProduct(l)));

  /** Element (row, column 2 (l % 4)) of A B with A(r, k) = r + k and B(k, c) = k - c. */
  private static double matrixProduct(int lane) {
    int row = lane / 4;
    int column = 2 * (lane % 4);
    double sum = 0;
    for (int k = 0; k < 8; k++) {
      sum += (row + k) * (double) (k - column);
    }
    return sum;
  }

  private static final String HEAD =
      """
      #include <metal_stdlib>
      using namespace metal;
      inline float product(uint l) {
        simdgroup_float8x8 a, b, c = make_filled_simdgroup_matrix<float, 8>(0.0f);
        for (uint i = 0; i < 2; i++) {
          a.thread_elements()[i] = float(l / 4 + 2 * (l % 4) + i);
          b.thread_elements()[i] = float(l / 4) - float(2 * (l % 4) + i);
        }
        simdgroup_multiply_accumulate(c, a, b, c);
        return c.thread_elements()[0];
      }
      kernel void k(device float* y [[buffer(0)]], uint l [[thread_index_in_simdgroup]]) {
        const float f = float(l);
      """;

  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
  }

  @ParameterizedTest
  @EnumSource
  void expressionsMeanWhatTheSpecificationSays(HostMode mode) {
    List<Meaning> all =
        Stream.of(VECTORS, SMALL_FLOATS, FUNCTIONS, LANES_TOGETHER).flatMap(List::stream).toList();
    var text = new StringBuilder(HEAD);
    for (int i = 0; i < all.size(); i++) {
      text.append("y[%d + l] = %s;\n".formatted(i * LANES, all.get(i).text()));
    }
    MslSource source = MslSource.ofText("meaning.metal", text.append("}\n").toString());
    try (HostLibrary library = HostCompiler.in(CACHE).compile(source, Map.of(), mode);
        Arena arena = Arena.ofConfined()) {
      MemorySegment y = arena.allocate(4L * LANES * all.size(), 256);
      HostReport report =
          library
              .kernel("k")
              .dispatch(
                  new HostLaunch(
                      Size3.of(1), Size3.of(LANES), Map.of("y", HostBuffer.undefined(y))));
      assertThat(report.findings()).isEmpty();
      compare(all, y);
    }
  }

  private static void compare(List<Meaning> all, MemorySegment y) {
    var softly = new SoftAssertions();
    for (int i = 0; i < all.size(); i++) {
      for (int lane = 0; lane < LANES; lane++) {
        double expected = all.get(i).expected().applyAsDouble(lane);
        double actual = y.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * LANES + lane);
        softly
            .assertThat(actual)
            .as("%s in lane %d", all.get(i).text(), lane)
            .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
      }
    }
    softly.assertAll();
  }
}
