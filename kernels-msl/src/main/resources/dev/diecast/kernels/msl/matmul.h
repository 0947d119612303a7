// A tile of 32 rows of weights times 32 tokens, by a threadgroup of four simdgroups: weights are decoded into
// threadgroup memory once for all tokens of the tile, and simdgroup matrices multiply. Each simdgroup has a
// quarter of the tile, 16 rows by 16 tokens.
#include "formats.h"

enum { TILE = 32, TILE_VALUES = TILE * TILE, TILE_THREADS = 128 };

// Rows `first` and on of a matrix of `rows` rows.
struct TileWeights {
  device const uchar* base;
  int64_t row_bytes;
  uint first;
  uint rows;
};

// Vectors of `length` values of the tokens `first` and on, of which there are `tokens`; times the weights of an
// RMSNorm where one is folded in.
struct TileActivations {
  device const float* x;
  int64_t stride;
  uint first;
  uint tokens;
  device const float* norm;
  bool normed;
  uint length;
};

// Values k to k + 7 of a row, 0 behind its end.
template <typename W>
inline void decode8_or_zero(TileWeights w, uint row, uint k, uint end, thread float* v) {
  bool inside = w.first + row < w.rows && k < end;
  device const uchar* at = w.base + int64_t(w.first + row) * w.row_bytes;
  if (inside && k + 8 <= end) {
    W::decode8(at, k, v);
  } else {
    for (uint i = 0; i < 8; i++) v[i] = W::ragged && inside && k + i < end ? W::value(at, k + i) : 0.0f;
  }
}

// Loads columns k to k + 31 of the weights, row by row.
template <typename W>
inline void stage_weights(TileWeights w, uint k, uint end, uint thread_index, threadgroup float* tile) {
  uint row = thread_index / 4;
  uint part = 8 * (thread_index % 4);
  float v[8];
  decode8_or_zero<W>(w, row, k + part, end, v);
  for (uint i = 0; i < 8; i++) tile[TILE * row + part + i] = v[i];
}

// Loads values k to k + 31 of the tokens, value by value. Returns the sum of squares that this thread loaded, all
// of one token.
inline float stage_activations(TileActivations in, uint k, uint thread_index, threadgroup float* tile) {
  uint token = thread_index / 4;
  uint part = 8 * (thread_index % 4);
  bool inside = in.first + token < in.tokens;
  device const float* x = in.x + int64_t(in.first + token) * in.stride;
  float squares = 0.0f;
  for (uint i = 0; i < 8; i++) {
    uint at = k + part + i;
    float v = inside && at < in.length ? x[at] : 0.0f;
    squares += v * v;
    if (in.normed && at < in.length) v *= in.norm[at];
    tile[TILE * (part + i) + token] = v;
  }
  return squares;
}

// The product of the tile, row by row in `result`, which may be `weights`; returns the squares as above. All
// threads call it together.
template <typename W>
inline float multiply_tile(TileWeights w, TileActivations in, uint thread_index, uint simdgroup,
                           threadgroup float* weights, threadgroup float* activations, threadgroup float* result) {
  simdgroup_float8x8 sums[4];
  for (uint i = 0; i < 4; i++) sums[i] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
  uint rows = 16 * (simdgroup % 2);
  uint tokens = 16 * (simdgroup / 2);
  float squares = 0.0f;
  for (uint k = 0; k < in.length; k += TILE) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    stage_weights<W>(w, k, in.length, thread_index, weights);
    squares += stage_activations(in, k, thread_index, activations);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint j = 0; j < TILE; j += 8) {
      simdgroup_float8x8 a[2];
      simdgroup_float8x8 b[2];
      for (uint i = 0; i < 2; i++) {
        simdgroup_load(a[i], weights + TILE * (rows + 8 * i) + j, TILE);
        simdgroup_load(b[i], activations + TILE * j + tokens + 8 * i, TILE);
      }
      for (uint i = 0; i < 4; i++) simdgroup_multiply_accumulate(sums[i], a[i / 2], b[i % 2], sums[i]);
    }
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint i = 0; i < 4; i++) {
    simdgroup_store(sums[i], result + TILE * (rows + 8 * (i / 2)) + tokens + 8 * (i % 2), TILE);
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  return squares;
}

// The same for a format that a function constant states: the compiler keeps one case.
inline float multiply_tile_of(int type, TileWeights w, TileActivations in, uint thread_index, uint simdgroup,
                              threadgroup float* weights, threadgroup float* activations,
                              threadgroup float* result) {
  switch (type) {
    case TYPE_F32: return multiply_tile<F32>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_F16: return multiply_tile<F16>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_BF16: return multiply_tile<BF16>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_Q8_0: return multiply_tile<Q8_0>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_Q4_0: return multiply_tile<Q4_0>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_Q4_1: return multiply_tile<Q4_1>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_Q5_0: return multiply_tile<Q5_0>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_Q5_1: return multiply_tile<Q5_1>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_Q4_K: return multiply_tile<Q4_K>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_Q5_K: return multiply_tile<Q5_K>(w, in, thread_index, simdgroup, weights, activations, result);
    case TYPE_Q6_K: return multiply_tile<Q6_K>(w, in, thread_index, simdgroup, weights, activations, result);
  }
  return 0.0f;
}

// 1 / sqrt(mean(x^2) + eps) of each token of the tile, from the squares of the four threads that loaded it.
inline void stage_norm_scales(TileActivations in, float squares, float eps, uint thread_index,
                              threadgroup float* scales) {
  squares += simd_shuffle_xor(squares, 1);
  squares += simd_shuffle_xor(squares, 2);
  if (thread_index % 4 == 0) {
    scales[thread_index / 4] = in.normed ? rsqrt(squares / float(in.length) + eps) : 1.0f;
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
}
