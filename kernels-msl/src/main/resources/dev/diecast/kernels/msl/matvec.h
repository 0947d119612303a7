// Rows of weights times one vector, by one simdgroup: its lanes take the units of a row in turn, for up to
// MAX_ROWS rows at once, so that activations are loaded once for all of them.
#include "formats.h"
#include "silu.h"

enum { MAX_ROWS = 8 };

// Rows `first` to `first + count - 1` of a matrix of `end` rows. `count` is a function constant, so that loops
// over the rows unroll; rows behind the end are not read.
struct WeightRows {
  device const uchar* base;
  int64_t row_bytes;
  uint first;
  uint count;
  uint end;
};

inline bool exists(WeightRows rows, uint r) { return rows.first + r < rows.end; }

inline device const uchar* row_at(WeightRows rows, uint r) {
  return rows.base + int64_t(rows.first + r) * rows.row_bytes;
}

// Activations, times the weights of an RMSNorm where one is folded in.
struct Activations {
  device const float* x;
  device const float* norm;
  bool normed;
  uint length;
};

// What a lane has summed up: products by row, and the squares of its activations.
struct LaneSums {
  float products[MAX_ROWS];
  float squares;
};

inline void clear(thread LaneSums& sums) {
  for (uint r = 0; r < MAX_ROWS; r++) sums.products[r] = 0.0f;
  sums.squares = 0.0f;
}

template <typename W>
inline void load_unit(Activations in, uint u, thread float* v, thread LaneSums& sums) {
  for (uint g = 0; g < W::unit / 4; g++) {
    uint at = W::at(u, g);
    float4 x = float4(*(device const packed_float4*)(in.x + at));
    if (in.normed) {
      sums.squares += dot(x, x);
      x *= float4(*(device const packed_float4*)(in.norm + at));
    }
    v[4 * g] = x.x;
    v[4 * g + 1] = x.y;
    v[4 * g + 2] = x.z;
    v[4 * g + 3] = x.w;
  }
}

template <typename W>
inline void add_products(WeightRows rows, Activations in, uint lane, thread LaneSums& sums) {
  bool wide = (rows.row_bytes & 15) == 0;
  uint units = in.length / W::unit;
  for (uint u = lane; u < units; u += 32) {
    float v[W::unit];
    load_unit<W>(in, u, v, sums);
    for (uint r = 0; r < rows.count; r++) {
      if (exists(rows, r)) sums.products[r] += W::dot(row_at(rows, r), u, v, wide);
    }
  }
  if (W::ragged) {
    for (uint k = units * W::unit + lane; k < in.length; k += 32) {
      float x = in.x[k];
      sums.squares += x * x;
      float v = in.normed ? x * in.norm[k] : x;
      for (uint r = 0; r < rows.count; r++) {
        if (exists(rows, r)) sums.products[r] += W::value(row_at(rows, r), k) * v;
      }
    }
  }
}

// The same for a format that a function constant states: the compiler keeps one case.
inline void add_products_of(int type, WeightRows rows, Activations in, uint lane, thread LaneSums& sums) {
  switch (type) {
    case TYPE_F32: add_products<F32>(rows, in, lane, sums); break;
    case TYPE_F16: add_products<F16>(rows, in, lane, sums); break;
    case TYPE_BF16: add_products<BF16>(rows, in, lane, sums); break;
    case TYPE_Q8_0: add_products<Q8_0>(rows, in, lane, sums); break;
    case TYPE_Q4_0: add_products<Q4_0>(rows, in, lane, sums); break;
    case TYPE_Q4_1: add_products<Q4_1>(rows, in, lane, sums); break;
    case TYPE_Q5_0: add_products<Q5_0>(rows, in, lane, sums); break;
    case TYPE_Q5_1: add_products<Q5_1>(rows, in, lane, sums); break;
    case TYPE_Q4_K: add_products<Q4_K>(rows, in, lane, sums); break;
    case TYPE_Q5_K: add_products<Q5_K>(rows, in, lane, sums); break;
    case TYPE_Q6_K: add_products<Q6_K>(rows, in, lane, sums); break;
  }
}

// 1 / sqrt(mean(x^2) + eps), which a folded RMSNorm leaves to be multiplied with the products.
inline float norm_scale(Activations in, LaneSums sums, float eps) {
  return in.normed ? rsqrt(simd_sum(sums.squares) / float(in.length) + eps) : 1.0f;
}
