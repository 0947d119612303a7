// What MSL offers of <type_traits> and <limits>.
#pragma once
#include "atomics.h"

namespace msl {
namespace metal {

template <class T, T x> struct integral_constant {
  static constexpr T value = x;
  typedef T value_type;
  typedef integral_constant type;
  constexpr operator T() const { return x; }
};
typedef integral_constant<bool, true> true_type;
typedef integral_constant<bool, false> false_type;
template <bool B> using bool_constant = integral_constant<bool, B>;

template <class A, class B> struct is_same : bool_constant<trait::same<A, B>::v> {};
template <class A, class B> constexpr bool is_same_v = is_same<A, B>::value;
template <bool B, class T = void> using enable_if = trait::when<B, T>;
template <bool B, class T = void> using enable_if_t = typename enable_if<B, T>::type;

template <bool B, class X, class Y> struct conditional { typedef X type; };
template <class X, class Y> struct conditional<false, X, Y> { typedef Y type; };
template <bool B, class X, class Y> using conditional_t = typename conditional<B, X, Y>::type;

#ifdef MSL_CUDA
template <class A, class B> struct is_convertible : bool_constant<__is_convertible_to(A, B)> {};
#else
template <class A, class B> struct is_convertible : bool_constant<__is_convertible(A, B)> {};
#endif
template <class A, class B> constexpr bool is_convertible_v = is_convertible<A, B>::value;

template <class T> struct numeric_limits;
template <> struct numeric_limits<float> {
  static constexpr float max() { return FLT_MAX; }
  static constexpr float min() { return FLT_MIN; }
  static constexpr float lowest() { return -FLT_MAX; }
  static constexpr float infinity() { return INFINITY; }
};
#ifdef MSL_HOST
template <> struct numeric_limits<half> {
  static constexpr half max() { return (half)65504.0f; }
  static constexpr half lowest() { return (half)-65504.0f; }
};
#endif
#define MSL_LIMITS(t, least, most)                              \
  template <> struct numeric_limits<t> {                        \
    static constexpr t max() { return (t)(most); }              \
    static constexpr t min() { return (t)(least); }             \
    static constexpr t lowest() { return (t)(least); }          \
  };
MSL_LIMITS(char, -128, 127)
MSL_LIMITS(signed char, -128, 127)
MSL_LIMITS(uchar, 0, 255)
MSL_LIMITS(short, -32768, 32767)
MSL_LIMITS(ushort, 0, 65535)
MSL_LIMITS(int, -2147483647 - 1, 2147483647)
MSL_LIMITS(uint, 0, 4294967295u)
MSL_LIMITS(long, -9223372036854775807L - 1, 9223372036854775807L)
MSL_LIMITS(ulong, 0, 18446744073709551615UL)
#undef MSL_LIMITS

}  // namespace metal
}  // namespace msl
