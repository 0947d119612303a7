// Operations between the 32 lanes of a simdgroup.
#pragma once
#include "barriers.h"

namespace msl {
namespace metal {

struct simd_vote {
  typedef ulong vote_t;
  ulong mask;
  MSL_FN operator ulong() const { return mask; }
  MSL_FN bool all() const { return (uint)mask == 0xffffffffu; }
  MSL_FN bool any() const { return mask != 0; }
};

#ifdef MSL_CUDA
MSL_FN uint simd_lane() {
  uint r;
  asm("mov.u32 %0, %%laneid;" : "=r"(r));
  return r;
}

// The shuffles move 32 bits; other sizes go through an integer of their own size or as words.
#define MSL_SHUFFLE(name, INTRINSIC)                                                                    \
  template <class T> MSL_FN T name(T x, ushort a) {                                                     \
    if constexpr (sizeof(T) == 4) {                                                                     \
      return as_type<T>(INTRINSIC(0xffffffffu, as_type<uint>(x), (uint)a));                             \
    } else if constexpr (sizeof(T) == 8) {                                                              \
      return as_type<T>(INTRINSIC(0xffffffffu, as_type<unsigned long long>(x), (uint)a));               \
    } else if constexpr (sizeof(T) == 2) {                                                              \
      return as_type<T>((ushort)INTRINSIC(0xffffffffu, (uint)as_type<ushort>(x), (uint)a));             \
    } else if constexpr (sizeof(T) == 1) {                                                              \
      return as_type<T>((uchar)INTRINSIC(0xffffffffu, (uint)as_type<uchar>(x), (uint)a));               \
    } else {                                                                                            \
      vec<uint, 4> u = as_type<vec<uint, 4>>(x);                                                        \
      for (int i = 0; i < 4; i++) u.d[i] = INTRINSIC(0xffffffffu, u.d[i], (uint)a);                     \
      return as_type<T>(u);                                                                             \
    }                                                                                                   \
  }
MSL_SHUFFLE(simd_shuffle, __shfl_sync)
MSL_SHUFFLE(simd_shuffle_xor, __shfl_xor_sync)
MSL_SHUFFLE(simd_shuffle_down, __shfl_down_sync)
MSL_SHUFFLE(simd_shuffle_up, __shfl_up_sync)
#undef MSL_SHUFFLE
template <class T> MSL_FN T simd_broadcast(T x, ushort lane) { return simd_shuffle(x, lane); }
template <class T> MSL_FN T simd_broadcast_first(T x) { return simd_shuffle(x, (ushort)0); }
MSL_FN bool simd_any(bool x) { return __any_sync(0xffffffffu, x); }
MSL_FN bool simd_all(bool x) { return __all_sync(0xffffffffu, x); }
MSL_FN simd_vote simd_ballot(bool x) { return simd_vote{(ulong)__ballot_sync(0xffffffffu, x)}; }

#define MSL_REDUCE(name, expression)                  \
  template <class T> MSL_FN T name(T x) {             \
    _Pragma("unroll") for (int d = 16; d > 0; d >>= 1) { \
      T y = simd_shuffle_xor(x, (ushort)d);           \
      x = expression;                                 \
    }                                                 \
    return x;                                         \
  }
template <class T> MSL_FN T simd_prefix_inclusive_sum(T x) {
  const uint lane = simd_lane();
  for (uint d = 1; d < 32; d <<= 1) {
    T y = simd_shuffle_up(x, (ushort)d);
    if (lane >= d) x += y;
  }
  return x;
}
template <class T> MSL_FN T simd_prefix_exclusive_sum(T x) { return simd_prefix_inclusive_sum(x) - x; }
#else
MSL_FN uint simd_lane() { return msl_rt::here().linear % msl_rt::LANES; }

// What lanes brought is read in functions of their own, which the checker leaves alone.
#define MSL_UNCHECKED static inline __attribute__((noinline, disable_sanitizer_instrumentation))

template <class T> MSL_UNCHECKED T lane_value(const msl_rt::lanes& all, uint lane) {
  T v;
  __builtin_memcpy((void*)&v, all.value[lane], sizeof(T));
  return v;
}
/** The value of another lane; of lane `own` where there is no such lane. */
template <class T> MSL_UNCHECKED T lane_or_own(const msl_rt::lanes& all, int lane, int own) {
  const bool there = lane >= 0 && lane < (int)msl_rt::LANES && (all.active >> lane & 1);
  T v;
  __builtin_memcpy((void*)&v, all.value[there ? lane : own], sizeof(T));
  return v;
}
template <class T> MSL_FN const msl_rt::lanes& lane_exchange(const char* op, const T& x) {
  static_assert(sizeof(T) <= msl_rt::LANE_BYTES, "too wide for a simd operation");
  return msl_rt::exchange(op, &x, sizeof(T));
}

#define MSL_SHUFFLE(name, source)                                   \
  template <class T> MSL_FN T name(T x, ushort a) {                 \
    const msl_rt::lanes& all = lane_exchange(#name, x);             \
    const int lane = (int)simd_lane();                              \
    return lane_or_own<T>(all, source, lane);                             \
  }
MSL_SHUFFLE(simd_shuffle, (lane & 0) + a)
MSL_SHUFFLE(simd_shuffle_xor, lane ^ a)
MSL_SHUFFLE(simd_shuffle_down, lane + a)
MSL_SHUFFLE(simd_shuffle_up, lane - a)
MSL_SHUFFLE(simd_broadcast, (lane & 0) + a)
#undef MSL_SHUFFLE
MSL_UNCHECKED uint first_active(const msl_rt::lanes& all) { return (uint)__builtin_ctz(all.active); }
template <class T> MSL_FN T simd_broadcast_first(T x) {
  const msl_rt::lanes& all = lane_exchange("simd_broadcast_first", x);
  return lane_value<T>(all, first_active(all));
}

MSL_UNCHECKED ulong votes(const msl_rt::lanes& all) {
  ulong mask = 0;
  for (uint l = 0; l < msl_rt::LANES; l++) {
    if ((all.active >> l & 1) && all.value[l][0]) mask |= 1ul << l;
  }
  return mask;
}
MSL_FN simd_vote gather_votes(const char* op, bool x) { return simd_vote{votes(lane_exchange(op, x))}; }
MSL_FN simd_vote simd_ballot(bool x) { return gather_votes("simd_ballot", x); }
MSL_FN bool simd_any(bool x) { return gather_votes("simd_any", x).mask != 0; }
MSL_FN bool simd_all(bool x) { return gather_votes("simd_all", !x).mask == 0; }

// One exchange, then the tree that shuffles by 16, 8, 4, 2, 1 would form: the same rounding as on a GPU.
#define MSL_REDUCE(name, expression)                                             \
  template <class T> MSL_UNCHECKED T name##_of(const msl_rt::lanes& all) {       \
    T v[msl_rt::LANES];                                                          \
    uint n = 0;                                                                  \
    for (uint l = 0; l < msl_rt::LANES; l++) {                                   \
      if (all.active >> l & 1) __builtin_memcpy((void*)&v[n++], all.value[l], sizeof(T)); \
    }                                                                            \
    for (; n > 1; n = (n + 1) / 2) {                                             \
      for (uint l = 0; l < n / 2; l++) {                                         \
        T x = v[l], y = v[l + (n + 1) / 2];                                      \
        v[l] = expression;                                                       \
      }                                                                          \
    }                                                                            \
    return v[0];                                                                 \
  }                                                                              \
  template <class T> MSL_FN T name(T x) { return name##_of<T>(lane_exchange(#name, x)); }

template <class T> MSL_UNCHECKED T sum_before(const msl_rt::lanes& all, uint end) {
  T sum = T(0);
  for (uint l = 0; l < end; l++) {
    T v;
    __builtin_memcpy((void*)&v, all.value[l], sizeof(T));
    if (all.active >> l & 1) sum = sum + v;
  }
  return sum;
}
template <class T> MSL_FN T prefix_sum(const char* op, T x, uint end) {
  return sum_before<T>(lane_exchange(op, x), end);
}
template <class T> MSL_FN T simd_prefix_inclusive_sum(T x) {
  return prefix_sum("simd_prefix_inclusive_sum", x, simd_lane() + 1);
}
template <class T> MSL_FN T simd_prefix_exclusive_sum(T x) {
  return prefix_sum("simd_prefix_exclusive_sum", x, simd_lane());
}
#endif

MSL_REDUCE(simd_sum, x + y)
MSL_REDUCE(simd_product, x * y)
MSL_REDUCE(simd_max, max(x, y))
MSL_REDUCE(simd_min, min(x, y))
MSL_REDUCE(simd_or, x | y)
MSL_REDUCE(simd_and, x & y)
MSL_REDUCE(simd_xor, x ^ y)
#undef MSL_REDUCE
MSL_FN bool simd_is_first() { return simd_lane() == 0; }

}  // namespace metal
}  // namespace msl
