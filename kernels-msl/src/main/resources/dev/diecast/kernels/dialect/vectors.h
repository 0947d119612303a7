// vec<T, N>: 2 to 4 elements, aligned and sized as in MSL (three elements take the room of four).
#pragma once
#include "half.h"
#include "swizzles.h"

namespace msl {

template <class T, int N> struct vec;
template <class T, int N> struct packed_vec;

/** The components I... of a vector of N elements, overlaid on its storage. */
template <class T, int N, int... I> struct swizzle {
  static constexpr int SIZE = (int)sizeof...(I);
  typedef vec<T, SIZE> value;
  T d[N == 3 ? 4 : N];

  MSL_FN operator value() const { return value(d[I]...); }
  MSL_FN swizzle& operator=(const value& o) {
    int k = 0;
    ((d[I] = o.d[k++]), ...);
    return *this;
  }
  MSL_FN swizzle& operator=(const swizzle& o) { return *this = (value)o; }
  MSL_FN swizzle& operator+=(value o) { return *this = (value)*this + o; }
  MSL_FN swizzle& operator-=(value o) { return *this = (value)*this - o; }
  MSL_FN swizzle& operator*=(value o) { return *this = (value)*this * o; }
  MSL_FN swizzle& operator/=(value o) { return *this = (value)*this / o; }
  MSL_FN T operator[](int i) const {
    const int at[] = {I...};
    return d[at[i]];
  }
};

/** Assigned as a whole: one wide store, where an assignment through memcpy gave NVRTC one store per byte. */
template <class T, int M> struct alignas(M * sizeof(T)) raw_vector { T d[M]; };

template <class T, int N> struct vector_storage;
template <class T> struct alignas(2 * sizeof(T)) vector_storage<T, 2> {
  union {
    T d[2];
    raw_vector<T, 2> raw;
    struct { T x, y; };
    struct { T r, g; };
    MSL_SWIZZLES2
  };
};
template <class T> struct alignas(4 * sizeof(T)) vector_storage<T, 3> {
  union {
    T d[4];
    raw_vector<T, 4> raw;
    struct { T x, y, z; };
    struct { T r, g, b; };
    MSL_SWIZZLES3
  };
};
template <class T> struct alignas(4 * sizeof(T)) vector_storage<T, 4> {
  union {
    T d[4];
    raw_vector<T, 4> raw;
    struct { T x, y, z, w; };
    struct { T r, g, b, a; };
    struct { vec<T, 2> lo, hi; };
    swizzle<T, 4, 0, 2> even;
    swizzle<T, 4, 1, 3> odd;
    MSL_SWIZZLES4
  };
};

namespace trait {
template <class A> struct arity { static constexpr int n = 1; };
template <class T, int N> struct arity<vec<T, N>> { static constexpr int n = N; };
template <class T, int N> struct arity<packed_vec<T, N>> { static constexpr int n = N; };
template <class T, int N, int... I> struct arity<swizzle<T, N, I...>> { static constexpr int n = sizeof...(I); };
}  // namespace trait

// NVRTC pairs half operations (HADD2, HMUL2) only when told to.
#ifdef MSL_CUDA
#define MSL_PAIRED(INTRINSIC)                                                                                  \
  if constexpr (trait::same<T, half>::v && N % 2 == 0) {                                                       \
    vec r;                                                                                                     \
    for (int i = 0; i < N; i += 2) {                                                                           \
      __half2 t = INTRINSIC(__halves2half2(a.d[i].v, a.d[i + 1].v), __halves2half2(b.d[i].v, b.d[i + 1].v));   \
      r.d[i].v = __low2half(t);                                                                                \
      r.d[i + 1].v = __high2half(t);                                                                           \
    }                                                                                                          \
    return r;                                                                                                  \
  }
#else
#define MSL_PAIRED(INTRINSIC)
#endif

// Operands go by value: a const reference turned NVRTC's LDG.64 into four LDG.U16.
#define MSL_BINARY(op, PAIRED)                                \
  friend MSL_FN vec operator op(vec a, vec b) {               \
    PAIRED                                                    \
    vec r;                                                    \
    for (int i = 0; i < N; i++) r.d[i] = T(a.d[i] op b.d[i]); \
    return r;                                                 \
  }                                                           \
  MSL_FN vec& operator op##=(vec b) { return *this = *this op b; }
#define MSL_RELATION(op)                                   \
  friend MSL_FN vec<bool, N> operator op(vec a, vec b) {   \
    vec<bool, N> r;                                        \
    for (int i = 0; i < N; i++) r.d[i] = a.d[i] op b.d[i]; \
    return r;                                              \
  }
#define MSL_UNARY(result, op)                              \
  MSL_FN result operator op() const {                      \
    result r;                                              \
    for (int i = 0; i < N; i++) r.d[i] = op d[i];          \
    return r;                                              \
  }

template <class T, int N> struct vec : vector_storage<T, N> {
  using vector_storage<T, N>::d;

  vec() = default;
  vec(const vec&) = default;
  MSL_FN vec& operator=(const vec& o) {
    this->raw = o.raw;
    return *this;
  }
  template <class S, class = typename trait::when<trait::is_scalar<S>::v>::type> MSL_FN vec(S s) {
    for (int i = 0; i < N; i++) d[i] = trait::convert<T, S>::from(s);
  }
  template <class U> MSL_FN explicit vec(vec<U, N> o) {
    for (int i = 0; i < N; i++) d[i] = trait::convert<T, U>::from(o.d[i]);
  }
  template <class U, class = typename trait::when<!trait::same<U, T>::v>::type>
  MSL_FN explicit vec(packed_vec<U, N> o) : vec(vec<U, N>(o)) {}
  template <class U, int M, int... I, class = typename trait::when<sizeof...(I) == N && !trait::same<U, T>::v>::type>
  MSL_FN explicit vec(const swizzle<U, M, I...>& o) {
    int k = 0;
    ((d[k++] = trait::convert<T, U>::from(o.d[I])), ...);
  }
  template <class A, class B, class... R> MSL_FN vec(const A& a, const B& b, const R&... r) {
    static_assert(trait::arity<A>::n + trait::arity<B>::n + (0 + ... + trait::arity<R>::n) == N,
                  "wrong number of components");
    int k = 0;
    put(k, a);
    put(k, b);
    (put(k, r), ...);
  }
  MSL_FN T& operator[](int i) { return d[i]; }
  MSL_FN const T& operator[](int i) const { return d[i]; }

  MSL_BINARY(+, MSL_PAIRED(__hadd2)) MSL_BINARY(-, MSL_PAIRED(__hsub2))
  MSL_BINARY(*, MSL_PAIRED(__hmul2)) MSL_BINARY(/, MSL_PAIRED(__h2div))
  MSL_BINARY(%, ) MSL_BINARY(&, ) MSL_BINARY(|, ) MSL_BINARY(^, ) MSL_BINARY(<<, ) MSL_BINARY(>>, )
  MSL_RELATION(<) MSL_RELATION(>) MSL_RELATION(<=) MSL_RELATION(>=) MSL_RELATION(==) MSL_RELATION(!=)
  MSL_RELATION(&&) MSL_RELATION(||)
  MSL_UNARY(vec, -) MSL_UNARY(vec, ~)
  typedef vec<bool, N> truth;
  MSL_UNARY(truth, !)

 private:
  template <class A> MSL_FN void put(int& k, const A& a) { d[k++] = trait::convert<T, A>::from(a); }
  template <class U, int M> MSL_FN void put(int& k, vec<U, M> a) {
    for (int i = 0; i < M; i++) d[k++] = trait::convert<T, U>::from(a.d[i]);
  }
  template <class U, int M> MSL_FN void put(int& k, packed_vec<U, M> a) { put(k, vec<U, M>(a)); }
  template <class U, int M, int... I> MSL_FN void put(int& k, const swizzle<U, M, I...>& a) {
    ((d[k++] = trait::convert<T, U>::from(a.d[I])), ...);
  }
};
#undef MSL_UNARY
#undef MSL_RELATION
#undef MSL_BINARY
#undef MSL_PAIRED

#define MSL_VECTORS(t)     \
  typedef vec<t, 2> t##2;  \
  typedef vec<t, 3> t##3;  \
  typedef vec<t, 4> t##4;
MSL_VECTORS(float) MSL_VECTORS(half) MSL_VECTORS(bfloat) MSL_VECTORS(char) MSL_VECTORS(uchar) MSL_VECTORS(short)
MSL_VECTORS(ushort) MSL_VECTORS(int) MSL_VECTORS(uint) MSL_VECTORS(long) MSL_VECTORS(ulong) MSL_VECTORS(bool)
#undef MSL_VECTORS

/** The elements alone: aligned and sized as an array. */
template <class T, int N> struct packed_vec {
  T d[N];
  packed_vec() = default;
  MSL_FN packed_vec(vec<T, N> o) {
    for (int i = 0; i < N; i++) d[i] = o.d[i];
  }
  MSL_FN operator vec<T, N>() const {
    vec<T, N> r;
    for (int i = 0; i < N; i++) r.d[i] = d[i];
    return r;
  }
  MSL_FN T& operator[](int i) { return d[i]; }
  MSL_FN const T& operator[](int i) const { return d[i]; }
};
#define MSL_PACKED(t)                    \
  typedef packed_vec<t, 2> packed_##t##2; \
  typedef packed_vec<t, 3> packed_##t##3; \
  typedef packed_vec<t, 4> packed_##t##4;
MSL_PACKED(float) MSL_PACKED(half) MSL_PACKED(bfloat) MSL_PACKED(char) MSL_PACKED(uchar) MSL_PACKED(short)
MSL_PACKED(ushort) MSL_PACKED(int) MSL_PACKED(uint) MSL_PACKED(long) MSL_PACKED(ulong)
#undef MSL_PACKED

}  // namespace msl
