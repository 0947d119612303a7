// Floating-point functions of <metal_math>, for float, half and their vectors; half is computed in float.
#pragma once
#include "matrices.h"

#ifdef MSL_CUDA
#define MSL_LIBM(f) ::f
#define MSL_FAST(fast, precise) fast
#else
#define MSL_LIBM(f) __builtin_##f
#define MSL_FAST(fast, precise) precise
#endif

namespace msl {
namespace metal {

#define MSL_FUNCTION1(f, expression)                                        \
  MSL_FN float f(float x) { return expression; }                            \
  MSL_FN half f(half h) {                                                   \
    float x = (float)h;                                                     \
    return half(expression);                                                \
  }                                                                         \
  MSL_FN bfloat f(bfloat h) {                                               \
    float x = (float)h;                                                     \
    return bfloat(expression);                                              \
  }                                                                         \
  template <class T, int N> MSL_FN vec<T, N> f(vec<T, N> a) {               \
    vec<T, N> r;                                                            \
    for (int i = 0; i < N; i++) r.d[i] = f(a.d[i]);                         \
    return r;                                                               \
  }                                                                         \
  template <class T, int N, int... I> MSL_FN auto f(const swizzle<T, N, I...>& s) { return f((typename swizzle<T, N, I...>::value)s); }

MSL_FUNCTION1(exp, MSL_FAST(::__expf(x), MSL_LIBM(expf)(x)))
MSL_FUNCTION1(exp2, MSL_LIBM(exp2f)(x))
MSL_FUNCTION1(exp10, MSL_LIBM(expf)(x * 2.30258509f))
MSL_FUNCTION1(log, MSL_FAST(::__logf(x), MSL_LIBM(logf)(x)))
MSL_FUNCTION1(log2, MSL_FAST(::__log2f(x), MSL_LIBM(log2f)(x)))
MSL_FUNCTION1(log10, MSL_LIBM(log10f)(x))
MSL_FUNCTION1(sqrt, MSL_LIBM(sqrtf)(x))
MSL_FUNCTION1(rsqrt, MSL_FAST(::rsqrtf(x), 1.0f / MSL_LIBM(sqrtf)(x)))
MSL_FUNCTION1(sin, MSL_LIBM(sinf)(x))
MSL_FUNCTION1(cos, MSL_LIBM(cosf)(x))
MSL_FUNCTION1(tan, MSL_LIBM(tanf)(x))
MSL_FUNCTION1(sinh, MSL_LIBM(sinhf)(x))
MSL_FUNCTION1(cosh, MSL_LIBM(coshf)(x))
MSL_FUNCTION1(tanh, MSL_LIBM(tanhf)(x))
MSL_FUNCTION1(asin, MSL_LIBM(asinf)(x))
MSL_FUNCTION1(acos, MSL_LIBM(acosf)(x))
MSL_FUNCTION1(atan, MSL_LIBM(atanf)(x))
MSL_FUNCTION1(asinh, MSL_LIBM(asinhf)(x))
MSL_FUNCTION1(acosh, MSL_LIBM(acoshf)(x))
MSL_FUNCTION1(atanh, MSL_LIBM(atanhf)(x))
MSL_FUNCTION1(floor, MSL_LIBM(floorf)(x))
MSL_FUNCTION1(ceil, MSL_LIBM(ceilf)(x))
MSL_FUNCTION1(trunc, MSL_LIBM(truncf)(x))
MSL_FUNCTION1(rint, MSL_LIBM(rintf)(x))
MSL_FUNCTION1(round, MSL_LIBM(roundf)(x))
MSL_FUNCTION1(fabs, MSL_LIBM(fabsf)(x))
MSL_FUNCTION1(fract, x - MSL_LIBM(floorf)(x))
MSL_FUNCTION1(saturate, x < 0.0f ? 0.0f : (x > 1.0f ? 1.0f : x))
MSL_FUNCTION1(sign, x > 0.0f ? 1.0f : (x < 0.0f ? -1.0f : 0.0f))
#undef MSL_FUNCTION1

#define MSL_FUNCTION2(f, expression)                                        \
  MSL_FN float f(float x, float y) { return expression; }                   \
  template <int N> MSL_FN vec<float, N> f(vec<float, N> a, vec<float, N> b) { \
    vec<float, N> r;                                                        \
    for (int i = 0; i < N; i++) r.d[i] = f(a.d[i], b.d[i]);                 \
    return r;                                                               \
  }
MSL_FUNCTION2(pow, MSL_LIBM(powf)(x, y))
MSL_FUNCTION2(powr, MSL_LIBM(powf)(x, y))
MSL_FUNCTION2(fmod, MSL_LIBM(fmodf)(x, y))
MSL_FUNCTION2(atan2, MSL_LIBM(atan2f)(x, y))
MSL_FUNCTION2(copysign, MSL_LIBM(copysignf)(x, y))
MSL_FUNCTION2(fdim, x > y ? x - y : 0.0f)
MSL_FUNCTION2(step, y < x ? 0.0f : 1.0f)
#undef MSL_FUNCTION2
MSL_FN float ldexp(float x, int n) { return MSL_LIBM(ldexpf)(x, n); }
MSL_FN float sincos(float x, float& c) {
  c = cos(x);
  return sin(x);
}

// ---- fma: one rounding -----------------------------------------------------------------------------------------
MSL_FN float fma(float a, float b, float c) { return MSL_LIBM(fmaf)(a, b, c); }
#ifdef MSL_CUDA
MSL_FN half fma(half a, half b, half c) { return half(__hfma(a.v, b.v, c.v)); }
MSL_FN bfloat fma(bfloat a, bfloat b, bfloat c) { return bfloat(__hfma(a.v, b.v, c.v)); }
#else
MSL_FN half fma(half a, half b, half c) { return half(__builtin_fma((double)a, (double)b, (double)c)); }
MSL_FN bfloat fma(bfloat a, bfloat b, bfloat c) { return bfloat(__builtin_fmaf((float)a, (float)b, (float)c)); }
#endif
template <class T, int N> MSL_FN vec<T, N> fma(vec<T, N> a, vec<T, N> b, vec<T, N> c) {
  vec<T, N> r;
#ifdef MSL_CUDA
  if constexpr (trait::same<T, half>::v && N % 2 == 0) {
    for (int i = 0; i < N; i += 2) {
      __half2 t = __hfma2(__halves2half2(a.d[i].v, a.d[i + 1].v), __halves2half2(b.d[i].v, b.d[i + 1].v),
                          __halves2half2(c.d[i].v, c.d[i + 1].v));
      r.d[i].v = __low2half(t);
      r.d[i + 1].v = __high2half(t);
    }
    return r;
  }
#endif
  for (int i = 0; i < N; i++) r.d[i] = fma(a.d[i], b.d[i], c.d[i]);
  return r;
}

// ---- classification --------------------------------------------------------------------------------------------
MSL_FN bool isnan(float x) { return x != x; }
MSL_FN bool isinf(float x) { return x == INFINITY || x == -INFINITY; }
MSL_FN bool isfinite(float x) { return !isnan(x - x); }
MSL_FN bool signbit(float x) { return as_type<uint>(x) >> 31; }
MSL_FN bool isnan(half x) { return isnan((float)x); }
MSL_FN bool isinf(half x) { return isinf((float)x); }

// ---- min, max and what is built of them --------------------------------------------------------------------------
MSL_FN float fmin(float a, float b) { return MSL_LIBM(fminf)(a, b); }
MSL_FN float fmax(float a, float b) { return MSL_LIBM(fmaxf)(a, b); }
MSL_FN float min(float a, float b) { return fmin(a, b); }
MSL_FN float max(float a, float b) { return fmax(a, b); }
#define MSL_MIN_MAX(t)                                \
  MSL_FN t min(t a, t b) { return b < a ? b : a; }    \
  MSL_FN t max(t a, t b) { return a < b ? b : a; }
MSL_MIN_MAX(char) MSL_MIN_MAX(signed char) MSL_MIN_MAX(uchar) MSL_MIN_MAX(short) MSL_MIN_MAX(ushort) MSL_MIN_MAX(int)
MSL_MIN_MAX(uint) MSL_MIN_MAX(long) MSL_MIN_MAX(ulong) MSL_MIN_MAX(half) MSL_MIN_MAX(bfloat)
#ifdef MSL_CUDA
MSL_MIN_MAX(long long) MSL_MIN_MAX(unsigned long long)
#endif
#undef MSL_MIN_MAX

#define MSL_TWO_SCALARS                                                                                             \
  class A, class B, class = typename trait::when<trait::is_scalar<A>::v && trait::is_scalar<B>::v && !trait::same<A, B>::v>::type
template <MSL_TWO_SCALARS> MSL_FN float fmin(A a, B b) { return fmin((float)a, (float)b); }
template <MSL_TWO_SCALARS> MSL_FN float fmax(A a, B b) { return fmax((float)a, (float)b); }
#undef MSL_TWO_SCALARS

#define MSL_VECTOR_PAIRS(f, scalar)                                                                            \
  template <class T, int N> MSL_FN vec<T, N> f(vec<T, N> a, vec<T, N> b) {                                     \
    vec<T, N> r;                                                                                               \
    for (int i = 0; i < N; i++) r.d[i] = scalar(a.d[i], b.d[i]);                                               \
    return r;                                                                                                  \
  }                                                                                                            \
  template <class T, int N> MSL_FN vec<T, N> f(vec<T, N> a, typename trait::exactly<T>::type b) {              \
    return f(a, vec<T, N>(b));                                                                                 \
  }                                                                                                            \
  template <class T, int N> MSL_FN vec<T, N> f(typename trait::exactly<T>::type a, vec<T, N> b) {              \
    return f(vec<T, N>(a), b);                                                                                 \
  }
MSL_VECTOR_PAIRS(min, min)
MSL_VECTOR_PAIRS(max, max)
MSL_VECTOR_PAIRS(fmin, min)
MSL_VECTOR_PAIRS(fmax, max)
#undef MSL_VECTOR_PAIRS

template <class T>
MSL_FN T clamp(T x, typename trait::exactly<T>::type low, typename trait::exactly<T>::type high) {
  return min(max(x, low), high);
}
template <class T, class U> MSL_FN T mix(T a, T b, U t) { return a + (b - a) * T(t); }
template <class T> MSL_FN T select(T otherwise, typename trait::exactly<T>::type chosen, bool choose) {
  return choose ? chosen : otherwise;
}
template <class T, int N> MSL_FN vec<T, N> select(vec<T, N> otherwise, vec<T, N> chosen, vec<bool, N> choose) {
  vec<T, N> r;
  for (int i = 0; i < N; i++) r.d[i] = choose.d[i] ? chosen.d[i] : otherwise.d[i];
  return r;
}

// ---- absolute value, geometry, truth -----------------------------------------------------------------------------
MSL_FN float abs(float x) { return fabs(x); }
MSL_FN half abs(half x) { return fabs(x); }
MSL_FN bfloat abs(bfloat x) { return fabs(x); }
MSL_FN int abs(int x) { return x < 0 ? -x : x; }
MSL_FN long abs(long x) { return x < 0 ? -x : x; }
template <class T, int N> MSL_FN vec<T, N> abs(vec<T, N> a) {
  vec<T, N> r;
  for (int i = 0; i < N; i++) r.d[i] = abs(a.d[i]);
  return r;
}
template <class T, int N> MSL_FN T dot(vec<T, N> a, vec<T, N> b) {
  T s = a.d[0] * b.d[0];
  for (int i = 1; i < N; i++) s = fma(a.d[i], b.d[i], s);
  return s;
}
template <class T, int N> MSL_FN T length_squared(vec<T, N> a) { return dot(a, a); }
template <class T, int N> MSL_FN T length(vec<T, N> a) { return sqrt(dot(a, a)); }
template <class T, int N> MSL_FN vec<T, N> normalize(vec<T, N> a) { return a * rsqrt(dot(a, a)); }
template <class T, int N> MSL_FN T distance(vec<T, N> a, vec<T, N> b) { return length(a - b); }
template <class T> MSL_FN vec<T, 3> cross(vec<T, 3> a, vec<T, 3> b) {
  return vec<T, 3>(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}
template <int N> MSL_FN bool any(vec<bool, N> a) {
  bool r = false;
  for (int i = 0; i < N; i++) r |= a.d[i];
  return r;
}
template <int N> MSL_FN bool all(vec<bool, N> a) {
  bool r = true;
  for (int i = 0; i < N; i++) r &= a.d[i];
  return r;
}

// ---- named precisions: the same functions --------------------------------------------------------------------------
#define MSL_NAMED                                                                                                   \
  using metal::abs; using metal::acos; using metal::asin; using metal::atan; using metal::atan2; using metal::ceil; \
  using metal::clamp; using metal::cos; using metal::cosh; using metal::exp; using metal::exp10; using metal::exp2; \
  using metal::fabs; using metal::floor; using metal::fma; using metal::fmax; using metal::fmin; using metal::fmod; \
  using metal::fract; using metal::log; using metal::log10; using metal::log2; using metal::max; using metal::min;  \
  using metal::pow; using metal::powr; using metal::rint; using metal::round; using metal::rsqrt;                   \
  using metal::saturate; using metal::sign; using metal::sin; using metal::sinh; using metal::sqrt;                 \
  using metal::tan; using metal::tanh; using metal::trunc;
namespace precise { MSL_NAMED }
namespace fast { MSL_NAMED }
#undef MSL_NAMED

}  // namespace metal
}  // namespace msl
