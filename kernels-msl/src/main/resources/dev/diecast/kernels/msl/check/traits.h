// <metal_type_traits> and numeric_limits, as far as kernels use them.
#pragma once

namespace metal {
template <bool B, class T = void>
struct enable_if {};
template <class T>
struct enable_if<true, T> {
  typedef T type;
};
template <bool B, class T = void>
using enable_if_t = typename enable_if<B, T>::type;

template <class T, T v>
struct integral_constant {
  static constexpr __constant T value = v;
  typedef T value_type;
  typedef integral_constant type;
  constexpr operator T() const { return v; }
};
template <bool b>
using bool_constant = integral_constant<bool, b>;
typedef bool_constant<true> true_type;
typedef bool_constant<false> false_type;

template <bool B, class X, class Y>
struct conditional {
  typedef X type;
};
template <class X, class Y>
struct conditional<false, X, Y> {
  typedef Y type;
};
template <bool B, class X, class Y>
using conditional_t = typename conditional<B, X, Y>::type;

template <class A, class B>
struct is_same : false_type {};
template <class A>
struct is_same<A, A> : true_type {};
template <class A, class B>
static constexpr __constant bool is_same_v = __is_same(A, B);
template <class A, class B>
struct is_convertible : bool_constant<__is_convertible_to(A, B)> {};
template <class A, class B>
static constexpr __constant bool is_convertible_v = __is_convertible_to(A, B);
template <class T>
struct is_integral : bool_constant<__is_integral(T)> {};
template <class T>
static constexpr __constant bool is_integral_v = __is_integral(T);
template <class T>
struct is_unsigned : bool_constant<__is_unsigned(T)> {};
template <class T>
static constexpr __constant bool is_unsigned_v = __is_unsigned(T);
template <class T>
struct is_signed : bool_constant<__is_signed(T)> {};
template <class T>
static constexpr __constant bool is_signed_v = __is_signed(T);
template <class T>
struct is_floating_point
    : bool_constant<__is_floating_point(T) || __is_same(T, half) || __is_same(T, bfloat)> {};
template <class T>
static constexpr __constant bool is_floating_point_v = is_floating_point<T>::value;
template <class T>
struct is_arithmetic
    : bool_constant<__is_arithmetic(T) || __is_same(T, half) || __is_same(T, bfloat)> {};
template <class T>
static constexpr __constant bool is_arithmetic_v = is_arithmetic<T>::value;
template <class T>
struct is_empty : bool_constant<__is_empty(T)> {};
template <class T>
static constexpr __constant bool is_empty_v = __is_empty(T);

#define MSL_REMOVES(name, qualifier) \
  template <class T>                 \
  struct name {                      \
    typedef T type;                  \
  };                                 \
  template <class T>                 \
  struct name<qualifier T> {         \
    typedef T type;                  \
  };
MSL_REMOVES(remove_const, const)
MSL_REMOVES(remove_volatile, volatile)
#undef MSL_REMOVES
template <class T>
using remove_const_t = typename remove_const<T>::type;
template <class T>
using remove_cv_t = remove_const_t<typename remove_volatile<T>::type>;
template <class T>
struct remove_reference {
  typedef T type;
};
template <class T>
struct remove_reference<T&> {
  typedef T type;
};
template <class T>
using remove_reference_t = typename remove_reference<T>::type;

template <class T>
struct remove_addrspace {
  typedef T type;
};
#define MSL_SPACE(space)             \
  template <class T>                 \
  struct remove_addrspace<space T> { \
    typedef T type;                  \
  };
MSL_SPACE(__private)
MSL_SPACE(__global)
MSL_SPACE(__constant)
MSL_SPACE(__local)
#undef MSL_SPACE
template <class T>
using remove_addrspace_t = typename remove_addrspace<T>::type;

template <class T>
struct numeric_limits {
  static constexpr T max() { return T(); }
  static constexpr T min() { return T(); }
  static constexpr T lowest() { return T(); }
  static constexpr T infinity() { return T(); }
  static constexpr T epsilon() { return T(); }
  static constexpr T quiet_NaN() { return T(); }
  static constexpr __constant int digits = 8 * sizeof(T);
};
} // namespace metal
