// Vectors: ext_vector_type gives them components, swizzles and operators; macros give constructors.
#pragma once

template <typename T, int N>
using vec = T __attribute__((ext_vector_type(N)));

namespace msl_detail {
// How many components a constructor argument brings, and whether it is one that counts.
template <class T>
struct components {
  enum { count = 1, fits = metal::is_arithmetic<T>::value || __is_enum(T) };
};
template <class T>
struct components<T __attribute__((ext_vector_type(2)))> {
  enum { count = 2, fits = 1 };
};
template <class T>
struct components<T __attribute__((ext_vector_type(3)))> {
  enum { count = 3, fits = 1 };
};
template <class T>
struct components<T __attribute__((ext_vector_type(4)))> {
  enum { count = 4, fits = 1 };
};

template <class V, int N, class... A>
constexpr V make_vector(A...) {
  constexpr int given = (0 + ... + int(components<A>::count));
  static_assert(
      (true && ... && bool(components<A>::fits)), "vector constructor: not a number or a vector");
  static_assert(
      given == N || (sizeof...(A) == 1 && given == 1) || sizeof...(A) == 0,
      "vector constructor: wrong number of components");
  return V{};
}
} // namespace msl_detail

#define MSL_VECTORS(name, component)                           \
  typedef component name##2 __attribute__((ext_vector_type(2))); \
  typedef component name##3 __attribute__((ext_vector_type(3))); \
  typedef component name##4 __attribute__((ext_vector_type(4))); \
  typedef name##2 packed_##name##2;                            \
  typedef name##3 packed_##name##3;                            \
  typedef name##4 packed_##name##4;
MSL_VECTORS(float, float)
MSL_VECTORS(half, half)
MSL_VECTORS(bfloat, bfloat)
MSL_VECTORS(char, char)
MSL_VECTORS(uchar, uchar)
MSL_VECTORS(short, short)
MSL_VECTORS(ushort, ushort)
MSL_VECTORS(int, int)
MSL_VECTORS(uint, uint)
MSL_VECTORS(long, long)
MSL_VECTORS(ulong, ulong)
// A comparison yields a vector of integers here: bool vectors stand for any of them.
MSL_VECTORS(bool, char)
#undef MSL_VECTORS

// Function-like: only `float4(...)` is a constructor, `float4` alone stays the type.
#define float2(...) msl_detail::make_vector<float2, 2>(__VA_ARGS__)
#define float3(...) msl_detail::make_vector<float3, 3>(__VA_ARGS__)
#define float4(...) msl_detail::make_vector<float4, 4>(__VA_ARGS__)
#define half2(...) msl_detail::make_vector<half2, 2>(__VA_ARGS__)
#define half3(...) msl_detail::make_vector<half3, 3>(__VA_ARGS__)
#define half4(...) msl_detail::make_vector<half4, 4>(__VA_ARGS__)
#define bfloat2(...) msl_detail::make_vector<bfloat2, 2>(__VA_ARGS__)
#define bfloat3(...) msl_detail::make_vector<bfloat3, 3>(__VA_ARGS__)
#define bfloat4(...) msl_detail::make_vector<bfloat4, 4>(__VA_ARGS__)
#define char2(...) msl_detail::make_vector<char2, 2>(__VA_ARGS__)
#define char3(...) msl_detail::make_vector<char3, 3>(__VA_ARGS__)
#define char4(...) msl_detail::make_vector<char4, 4>(__VA_ARGS__)
#define uchar2(...) msl_detail::make_vector<uchar2, 2>(__VA_ARGS__)
#define uchar3(...) msl_detail::make_vector<uchar3, 3>(__VA_ARGS__)
#define uchar4(...) msl_detail::make_vector<uchar4, 4>(__VA_ARGS__)
#define short2(...) msl_detail::make_vector<short2, 2>(__VA_ARGS__)
#define short3(...) msl_detail::make_vector<short3, 3>(__VA_ARGS__)
#define short4(...) msl_detail::make_vector<short4, 4>(__VA_ARGS__)
#define ushort2(...) msl_detail::make_vector<ushort2, 2>(__VA_ARGS__)
#define ushort3(...) msl_detail::make_vector<ushort3, 3>(__VA_ARGS__)
#define ushort4(...) msl_detail::make_vector<ushort4, 4>(__VA_ARGS__)
#define int2(...) msl_detail::make_vector<int2, 2>(__VA_ARGS__)
#define int3(...) msl_detail::make_vector<int3, 3>(__VA_ARGS__)
#define int4(...) msl_detail::make_vector<int4, 4>(__VA_ARGS__)
#define uint2(...) msl_detail::make_vector<uint2, 2>(__VA_ARGS__)
#define uint3(...) msl_detail::make_vector<uint3, 3>(__VA_ARGS__)
#define uint4(...) msl_detail::make_vector<uint4, 4>(__VA_ARGS__)
#define ulong2(...) msl_detail::make_vector<ulong2, 2>(__VA_ARGS__)
#define bool2(...) msl_detail::make_vector<bool2, 2>(__VA_ARGS__)
#define bool3(...) msl_detail::make_vector<bool3, 3>(__VA_ARGS__)
#define bool4(...) msl_detail::make_vector<bool4, 4>(__VA_ARGS__)

template <class T, class F>
constexpr T as_type(F value) {
  static_assert(sizeof(T) == sizeof(F), "as_type: the sizes differ");
  return T{};
}

namespace metal {
using ::vec;
// Arrays that are values.
template <class T, size_t N>
struct array {
  T elements[N];
#define MSL_AT(space)                      \
  space T& operator[](size_t) space;       \
  const space T& operator[](size_t) const space;
  MSL_AT(__private)
  MSL_AT(__global)
  MSL_AT(__local)
  const __constant T& operator[](size_t) const __constant;
#undef MSL_AT
  constexpr size_t size() const { return N; }
};
} // namespace metal
