// Products of short rows of weights with a vector in threadgroup memory: as many rows of a simdgroup at a time as
// leave each lane a unit of a row.
#include "formats.h"

// Lanes of a row: a power of two, at most 32, none without work.
template <typename W>
inline uint lanes_of_product(uint cols) {
  uint units = W::ragged ? (cols + W::unit - 1) / W::unit : cols / W::unit;
  uint lanes = 1;
  while (lanes < 32 && 2 * lanes <= units) lanes *= 2;
  return lanes;
}

// This lane's part of a row times x: units `first`, first + lanes, ...
template <typename W>
inline float part_of_product(device const uchar* row, threadgroup const float* x, uint cols, uint first, uint lanes,
                             bool wide) {
  float sum = 0.0f;
  uint units = cols / W::unit;
  for (uint u = first; u < units; u += lanes) {
    float v[W::unit];
    for (uint g = 0; g < W::unit / 4; g++) {
      uint at = W::at(u, g);
      for (uint i = 0; i < 4; i++) v[4 * g + i] = x[at + i];
    }
    sum += W::dot(row, u, v, wide);
  }
  if (W::ragged) {
    for (uint k = units * W::unit + first; k < cols; k += lanes) sum += W::value(row, k) * x[k];
  }
  return sum;
}

// The sum over groups of so many lanes, in each of them.
inline float sum_of_lanes(float x, uint lanes) {
  for (uint d = 1; d < lanes; d *= 2) x += simd_shuffle_xor(x, ushort(d));
  return x;
}

// y[r] = row r of w times x, for `from` <= r < `to`; simdgroups take rows in turn.
template <typename W>
inline void multiply_rows(device const uchar* w, int64_t row_bytes, threadgroup const float* x, uint cols, uint from,
                          uint to, uint simdgroup, uint simdgroups, uint lane, device float* y) {
  bool wide = (row_bytes & 15) == 0;
  uint lanes = lanes_of_product<W>(cols);
  uint at_once = 32 / lanes;
  for (uint r = from + simdgroup * at_once; r < to; r += simdgroups * at_once) {
    uint own = r + lane / lanes;
    device const uchar* row = w + int64_t(min(own, to - 1)) * row_bytes;
    float sum = sum_of_lanes(part_of_product<W>(row, x, cols, lane % lanes, lanes, wide), lanes);
    if (lane % lanes == 0 && own < to) y[own] = sum;
  }
}

// The same for a format that a function constant states: the compiler keeps one case.
inline void multiply_rows_of(int type, device const uchar* w, int64_t row_bytes, threadgroup const float* x, uint cols,
                             uint from, uint to, uint simdgroup, uint simdgroups, uint lane, device float* y) {
  switch (type) {
    case TYPE_F32: multiply_rows<F32>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_F16: multiply_rows<F16>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_BF16: multiply_rows<BF16>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_Q8_0: multiply_rows<Q8_0>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_Q4_0: multiply_rows<Q4_0>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_Q4_1: multiply_rows<Q4_1>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_Q5_0: multiply_rows<Q5_0>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_Q5_1: multiply_rows<Q5_1>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_Q4_K: multiply_rows<Q4_K>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_Q5_K: multiply_rows<Q5_K>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
    case TYPE_Q6_K: multiply_rows<Q6_K>(w, row_bytes, x, cols, from, to, simdgroup, simdgroups, lane, y); break;
  }
}
