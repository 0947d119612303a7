// simdgroup_matrix 8x8. Lane l holds row l / 4, columns 2 * (l % 4) and the next: elementwise work on
// thread_elements() alone is portable, since Apple's layout is its own. On CUDA this is a slow emulation.
#pragma once
#include "simd.h"

namespace msl {
namespace metal {

template <class T, int C, int R> struct simdgroup_matrix {
  static_assert(C == 8 && R == 8, "simdgroup matrices are 8 by 8");
  vec<T, 2> e;
  simdgroup_matrix() = default;
  MSL_FN explicit simdgroup_matrix(T diagonal) {
    const uint lane = simd_lane();
    for (uint i = 0; i < 2; i++) e.d[i] = lane / 4 == 2 * (lane % 4) + i ? diagonal : T(0);
  }
  MSL_FN vec<T, 2>& thread_elements() { return e; }
};

template <class T, int C, int R = C> MSL_FN simdgroup_matrix<T, C, R> make_filled_simdgroup_matrix(T value) {
  simdgroup_matrix<T, C, R> m;
  m.e = vec<T, 2>(value);
  return m;
}

template <class T, class P>
MSL_FN void simdgroup_load(simdgroup_matrix<T, 8, 8>& m, const P* p, ulong stride = 8,
                           vec<ulong, 2> origin = vec<ulong, 2>(0), bool transpose = false) {
  const uint lane = simd_lane(), row = lane / 4, column = 2 * (lane % 4);
  for (uint i = 0; i < 2; i++) {
    m.e.d[i] = transpose ? T(p[(origin.x + column + i) * stride + origin.y + row])
                         : T(p[(origin.y + row) * stride + origin.x + column + i]);
  }
}

template <class T, class P>
MSL_FN void simdgroup_store(simdgroup_matrix<T, 8, 8> m, P* p, ulong stride = 8,
                            vec<ulong, 2> origin = vec<ulong, 2>(0), bool transpose = false) {
  const uint lane = simd_lane(), row = lane / 4, column = 2 * (lane % 4);
  for (uint i = 0; i < 2; i++) {
    P& to = transpose ? p[(origin.x + column + i) * stride + origin.y + row]
                      : p[(origin.y + row) * stride + origin.x + column + i];
    to = P(m.e.d[i]);
  }
}

/** d = a b + c, summed in float. */
template <class D, class A, class B, class C>
MSL_FN void simdgroup_multiply_accumulate(simdgroup_matrix<D, 8, 8>& d, const simdgroup_matrix<A, 8, 8>& a,
                                          const simdgroup_matrix<B, 8, 8>& b, const simdgroup_matrix<C, 8, 8>& c) {
  const uint lane = simd_lane(), row = lane / 4, pair = lane % 4;
  float s0 = (float)c.e.d[0], s1 = (float)c.e.d[1];
#ifdef MSL_HOST
  struct both { vec<A, 2> a; vec<B, 2> b; };
  const msl_rt::lanes& all = lane_exchange("simdgroup_multiply_accumulate", both{a.e, b.e});
#endif
  for (uint k = 0; k < 8; k++) {
#ifdef MSL_HOST
    const vec<A, 2> av = lane_value<both>(all, row * 4 + k / 2).a;
    const vec<B, 2> bv = lane_value<both>(all, k * 4 + pair).b;
#else
    const vec<A, 2> av = simd_shuffle(a.e, ushort(row * 4 + k / 2));
    const vec<B, 2> bv = simd_shuffle(b.e, ushort(k * 4 + pair));
#endif
    s0 += (float)av.d[k & 1] * (float)bv.d[0];
    s1 += (float)av.d[k & 1] * (float)bv.d[1];
  }
  d.e.d[0] = D(s0);
  d.e.d[1] = D(s1);
}
template <class D, class A, class B>
MSL_FN void simdgroup_multiply(simdgroup_matrix<D, 8, 8>& d, const simdgroup_matrix<A, 8, 8>& a,
                               const simdgroup_matrix<B, 8, 8>& b) {
  simdgroup_multiply_accumulate(d, a, b, make_filled_simdgroup_matrix<D, 8, 8>(D(0)));
}

}  // namespace metal

#define MSL_SIMDGROUP_MATRIX(t) typedef metal::simdgroup_matrix<t, 8, 8> simdgroup_##t##8x8;
MSL_SIMDGROUP_MATRIX(float)
MSL_SIMDGROUP_MATRIX(half)
MSL_SIMDGROUP_MATRIX(bfloat)
#undef MSL_SIMDGROUP_MATRIX
using metal::simdgroup_matrix;

}  // namespace msl
