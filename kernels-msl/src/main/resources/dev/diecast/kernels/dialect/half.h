// half and bfloat. The host has them as types of the language; for CUDA they wrap NVIDIA's, whose operators would not
// accept the mixtures that MSL does.
#pragma once
#include "scalars.h"

namespace msl {

#ifdef MSL_HOST
typedef _Float16 half;
typedef __bf16 bfloat;
#else

#define MSL_COMPARE(NAME, TO_FLOAT, op) \
  friend MSL_FN bool operator op(NAME a, NAME b) { return TO_FLOAT(a.v) op TO_FLOAT(b.v); }
#define MSL_ARITHMETIC(NAME, op, INTRINSIC)                                             \
  friend MSL_FN NAME operator op(NAME a, NAME b) { return NAME(INTRINSIC(a.v, b.v)); } \
  MSL_FN NAME& operator op##=(NAME b) {                                                 \
    v = INTRINSIC(v, b.v);                                                              \
    return *this;                                                                       \
  }
#define MSL_SMALL_FLOAT(NAME, RAW, TO_FLOAT, FROM_FLOAT)                                             \
  struct NAME {                                                                                      \
    RAW v;                                                                                           \
    NAME() = default;                                                                                \
    MSL_FN NAME(RAW r) : v(r) {}                                                                     \
    template <class A, class = typename trait::when<trait::is_builtin<A>::v>::type>                  \
    MSL_FN NAME(A a) : v(FROM_FLOAT((float)a)) {}                                                    \
    MSL_FN operator float() const { return TO_FLOAT(v); }                                            \
    MSL_FN NAME operator-() const { return NAME(__hneg(v)); }                                        \
    MSL_ARITHMETIC(NAME, +, __hadd)                                                                  \
    MSL_ARITHMETIC(NAME, -, __hsub)                                                                  \
    MSL_ARITHMETIC(NAME, *, __hmul)                                                                  \
    MSL_ARITHMETIC(NAME, /, __hdiv)                                                                  \
    MSL_COMPARE(NAME, TO_FLOAT, <)                                                                   \
    MSL_COMPARE(NAME, TO_FLOAT, >)                                                                   \
    MSL_COMPARE(NAME, TO_FLOAT, <=)                                                                  \
    MSL_COMPARE(NAME, TO_FLOAT, >=)                                                                  \
    MSL_COMPARE(NAME, TO_FLOAT, ==)                                                                  \
    MSL_COMPARE(NAME, TO_FLOAT, !=)                                                                  \
  };
MSL_SMALL_FLOAT(half, __half, __half2float, __float2half_rn)
MSL_SMALL_FLOAT(bfloat, __nv_bfloat16, __bfloat162float, __float2bfloat16_rn)
#undef MSL_SMALL_FLOAT
#undef MSL_ARITHMETIC
#undef MSL_COMPARE

// Mixed operands: with a float the result is float, with an integer it is the small type.
#define MSL_WITH_FLOAT class A, class = typename trait::when<trait::is_builtin_float<A>::v>::type
#define MSL_WITH_INT class A, class = typename trait::when<trait::is_builtin<A>::v && !trait::is_builtin_float<A>::v>::type, class = void
#define MSL_WITH_ANY class A, class = typename trait::when<trait::is_builtin<A>::v>::type
#define MSL_MIXED(S, op)                                                                     \
  template <MSL_WITH_FLOAT> MSL_FN A operator op(S a, A b) { return (A)(float)a op b; }      \
  template <MSL_WITH_FLOAT> MSL_FN A operator op(A a, S b) { return a op (A)(float)b; }      \
  template <MSL_WITH_INT> MSL_FN S operator op(S a, A b) { return a op S(b); }               \
  template <MSL_WITH_INT> MSL_FN S operator op(A a, S b) { return S(a) op b; }
#define MSL_MIXED_COMPARE(S, op)                                                             \
  template <MSL_WITH_ANY> MSL_FN bool operator op(S a, A b) { return (float)a op (float)b; } \
  template <MSL_WITH_ANY> MSL_FN bool operator op(A a, S b) { return (float)a op (float)b; }
#define MSL_MIXED_ALL(S)                                                                            \
  MSL_MIXED(S, +) MSL_MIXED(S, -) MSL_MIXED(S, *) MSL_MIXED(S, /) MSL_MIXED_COMPARE(S, <)           \
  MSL_MIXED_COMPARE(S, >) MSL_MIXED_COMPARE(S, <=) MSL_MIXED_COMPARE(S, >=) MSL_MIXED_COMPARE(S, ==) \
  MSL_MIXED_COMPARE(S, !=)
MSL_MIXED_ALL(half)
MSL_MIXED_ALL(bfloat)
#undef MSL_MIXED_ALL
#undef MSL_MIXED_COMPARE
#undef MSL_MIXED
#undef MSL_WITH_ANY
#undef MSL_WITH_INT
#undef MSL_WITH_FLOAT
#endif

namespace trait {
template <class T> struct is_small_float { static constexpr bool v = same<T, half>::v || same<T, bfloat>::v; };
/** Scalars: what converts to every element of a vector. */
template <class T> struct is_scalar { static constexpr bool v = is_builtin<T>::v || is_small_float<T>::v; };

template <class T, class U> struct convert { static MSL_FN T from(U x) { return T(x); } };
template <> struct convert<half, bfloat> { static MSL_FN half from(bfloat x) { return half((float)x); } };
template <> struct convert<bfloat, half> { static MSL_FN bfloat from(half x) { return bfloat((float)x); } };
}  // namespace trait

#ifdef MSL_HOST
#pragma clang diagnostic ignored "-Wuser-defined-literals"  // 1.5h is how MSL writes it
#endif
MSL_FN half operator""h(long double x) { return half((float)x); }

}  // namespace msl
