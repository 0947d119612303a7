// as_type, and the constants that <metal_stdlib> defines as macros.
#pragma once
#include "vectors.h"

namespace msl {

template <class T, class F> MSL_FN T as_type(const F& f) {
  static_assert(sizeof(T) == sizeof(F), "as_type: sizes differ");
  T t;
#ifdef MSL_CUDA
  memcpy(&t, &f, sizeof(T));
#else
  __builtin_memcpy((void*)&t, (const void*)&f, sizeof(T));
#endif
  return t;
}
template <class T, class U, int M, int... I> MSL_FN T as_type(const swizzle<U, M, I...>& s) {
  return as_type<T>(vec<U, (int)sizeof...(I)>(s));
}

}  // namespace msl

#undef INFINITY
#undef NAN
#undef FLT_MAX
#undef FLT_MIN
#undef FLT_EPSILON
#ifdef MSL_CUDA
#define INFINITY __int_as_float(0x7f800000)
#define NAN __int_as_float(0x7fffffff)
#else
#define INFINITY __builtin_huge_valf()
#define NAN __builtin_nanf("")
#endif
#define MAXFLOAT 3.402823466e+38f
#define FLT_MAX 3.402823466e+38f
#define FLT_MIN 1.175494351e-38f
#define FLT_EPSILON 1.1920929e-7f
#define HALF_MAX 6.5504e+4h
#define MAXHALF 6.5504e+4h
#define M_PI_F 3.14159274101257324f
#define M_E_F 2.71828182845904524f
#define M_SQRT2_F 1.41421356237309505f
#define M_LOG2E_F 1.44269504088896341f
#define M_LN2_F 0.69314718055994531f
