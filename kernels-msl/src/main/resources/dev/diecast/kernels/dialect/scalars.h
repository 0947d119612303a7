// Integer types and the few type traits that the dialect itself needs.
#pragma once
#include "target.h"

namespace msl {

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;

#ifdef MSL_CUDA
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef uchar uint8_t;
typedef ushort uint16_t;
typedef uint uint32_t;
typedef unsigned long long uint64_t;
typedef unsigned long size_t;
typedef long ptrdiff_t;
typedef unsigned long uintptr_t;
#else
using ::int16_t;
using ::int32_t;
using ::int64_t;
using ::int8_t;
using ::ptrdiff_t;
using ::size_t;
using ::uint16_t;
using ::uint32_t;
using ::uint64_t;
using ::uint8_t;
using ::uintptr_t;
#endif

namespace trait {
template <bool B, class T = void> struct when {};
template <class T> struct when<true, T> { typedef T type; };

template <class A, class B> struct same { static constexpr bool v = false; };
template <class A> struct same<A, A> { static constexpr bool v = true; };

/** Keeps an argument out of template deduction, so that it converts. */
template <class T> struct exactly { typedef T type; };

template <class T> struct is_builtin { static constexpr bool v = false; };
#define MSL_BUILTIN(t) template <> struct is_builtin<t> { static constexpr bool v = true; };
MSL_BUILTIN(bool) MSL_BUILTIN(char) MSL_BUILTIN(signed char) MSL_BUILTIN(uchar) MSL_BUILTIN(short) MSL_BUILTIN(ushort)
MSL_BUILTIN(int) MSL_BUILTIN(uint) MSL_BUILTIN(long) MSL_BUILTIN(ulong) MSL_BUILTIN(long long)
MSL_BUILTIN(unsigned long long) MSL_BUILTIN(float) MSL_BUILTIN(double)
#undef MSL_BUILTIN
template <class T> struct is_builtin_float { static constexpr bool v = same<T, float>::v || same<T, double>::v; };
}  // namespace trait

}  // namespace msl
