// <metal_math>, <metal_common>, <metal_integer>, <metal_relational> and <metal_geometric>.
#pragma once

#define MSL_FLOATS(each) \
  each(float) each(float2) each(float3) each(float4) each(half) each(half2) each(half3) each(half4)
#define MSL_INTEGERS(each)                                                              \
  each(int) each(int2) each(int3) each(int4) each(uint) each(uint2) each(uint3) each(uint4) \
  each(short) each(short2) each(short3) each(short4) each(ushort) each(ushort2)         \
  each(ushort3) each(ushort4) each(char) each(char2) each(char3) each(char4)            \
  each(uchar) each(uchar2) each(uchar3) each(uchar4) each(long) each(ulong)

namespace metal {
#define MSL_UNARY(T)                                                                           \
  T exp(T); T exp2(T); T exp10(T); T log(T); T log2(T); T log10(T); T sqrt(T); T rsqrt(T);     \
  T sin(T); T cos(T); T tan(T); T asin(T); T acos(T); T atan(T); T sinh(T); T cosh(T);         \
  T tanh(T); T asinh(T); T acosh(T); T atanh(T); T floor(T); T ceil(T); T round(T); T rint(T); \
  T trunc(T); T fabs(T); T fract(T); T sign(T); T saturate(T); T sinpi(T); T cospi(T);
#define MSL_SEVERAL(T)                                                                       \
  T pow(T, T); T powr(T, T); T fmod(T, T); T fmin(T, T); T fmax(T, T); T fma(T, T, T);       \
  T mix(T, T, T); T step(T, T); T smoothstep(T, T, T); T atan2(T, T); T copysign(T, T);      \
  T fdim(T, T); T divide(T, T);
MSL_FLOATS(MSL_UNARY)
MSL_FLOATS(MSL_SEVERAL)
#undef MSL_UNARY
#undef MSL_SEVERAL

#define MSL_COMMON(T) \
  T min(T, T); T max(T, T); T clamp(T, T, T); T abs(T); T min3(T, T, T); T max3(T, T, T);
MSL_FLOATS(MSL_COMMON)
MSL_INTEGERS(MSL_COMMON)
#undef MSL_COMMON
bfloat min(bfloat, bfloat);
bfloat max(bfloat, bfloat);

#define MSL_INTEGER(T)                                                                      \
  T popcount(T); T clz(T); T ctz(T); T reverse_bits(T); T mulhi(T, T); T rotate(T, T);      \
  T extract_bits(T, uint, uint); T insert_bits(T, T, uint, uint); T addsat(T, T);           \
  T subsat(T, T); T absdiff(T, T); T mad24(T, T, T); T mul24(T, T); T madhi(T, T, T);
MSL_INTEGERS(MSL_INTEGER)
#undef MSL_INTEGER

#define MSL_GEOMETRIC(T, V) T dot(V, V); T length(V); T distance(V, V); V normalize(V);
MSL_GEOMETRIC(float, float2)
MSL_GEOMETRIC(float, float3)
MSL_GEOMETRIC(float, float4)
MSL_GEOMETRIC(half, half2)
MSL_GEOMETRIC(half, half3)
MSL_GEOMETRIC(half, half4)
#undef MSL_GEOMETRIC

bool isnan(float);
bool isnan(half);
bool isnan(bfloat);
bool isinf(float);
bool isinf(half);
bool isinf(bfloat);
bool isfinite(float);
bool isfinite(half);
bool signbit(float);
template <class V>
bool any(V);
template <class V>
bool all(V);
template <class V, class B>
V select(V, V, B);
int ilogb(float);
float ldexp(float, int);
float frexp(float, thread int&);
float modf(float, thread float&);
float sincos(float, thread float&);
half2 unpack_unorm2x16_to_half(uint);

#define MSL_PRECISIONS                                                                          \
  using metal::exp; using metal::exp2; using metal::exp10; using metal::log; using metal::log2; \
  using metal::log10; using metal::sqrt; using metal::rsqrt; using metal::sin; using metal::cos; \
  using metal::tan; using metal::tanh; using metal::sinh; using metal::cosh; using metal::asin; \
  using metal::acos; using metal::atan; using metal::atan2; using metal::pow; using metal::powr; \
  using metal::fma; using metal::fmin; using metal::fmax; using metal::round; using metal::rint; \
  using metal::floor; using metal::ceil; using metal::trunc; using metal::fabs; using metal::abs; \
  using metal::min; using metal::max; using metal::clamp; using metal::divide; using metal::fmod; \
  using metal::asinh; using metal::acosh; using metal::atanh; using metal::sincos;
namespace precise {
MSL_PRECISIONS
}
namespace fast {
MSL_PRECISIONS
}
#undef MSL_PRECISIONS
} // namespace metal
