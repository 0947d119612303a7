// Number types and the limits of <metal_limits>.
#pragma once

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long int64_t;
typedef uchar uint8_t;
typedef ushort uint16_t;
typedef uint uint32_t;
typedef ulong uint64_t;
typedef ulong size_t;
typedef long ptrdiff_t;
typedef ulong uintptr_t;
typedef long intptr_t;

typedef __bf16 bfloat;

#undef INFINITY
#define INFINITY __builtin_huge_valf()
#undef NAN
#define NAN __builtin_nanf("")
#undef FLT_MAX
#define FLT_MAX 3.402823466e+38f
#define FLT_MIN 1.175494351e-38f
#define FLT_EPSILON 1.192092896e-07f
#undef MAXFLOAT
#define MAXFLOAT FLT_MAX
#undef HALF_MAX
#define HALF_MAX 65504.0h
#define MAXHALF HALF_MAX
#undef M_PI_F
#define M_PI_F 3.14159274101257324f
#undef M_SQRT2_F
#define M_SQRT2_F 1.41421356237309505f
#undef M_SQRT1_2_F
#define M_SQRT1_2_F 0.707106781186547524f
#undef M_LOG2E_F
#define M_LOG2E_F 1.44269504088896341f
#undef M_LN2_F
#define M_LN2_F 0.693147180559945309f
#undef INT_MAX
#define INT_MAX 2147483647
#undef INT_MIN
#define INT_MIN (-2147483647 - 1)
#undef UINT_MAX
#define UINT_MAX 4294967295u
#undef USHRT_MAX
#define USHRT_MAX 65535
