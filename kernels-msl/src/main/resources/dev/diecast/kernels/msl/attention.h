// One split of attention by one threadgroup: online softmax (Milakov and Gimelshein 2018) over the positions of the
// split, for up to HEADS query heads that share a kv head, so that each cached row is loaded once for all of them.
//
// Simdgroups take tiles of 32 positions in turn. For the scores, eight lanes share a row of k; then each lane holds the
// score of one position; for the values, lanes have columns of v, and as many rows at a time as lanes allow.
#include "cache.h"

enum {
  HEADS = 4,             // query heads of a threadgroup
  TILE = 32,             // positions of a tile
  MAX_DK = 576,
  MAX_DV = 512,
  MAX_SIMDGROUPS = 4,
  COLUMNS_PER_LANE = 4,  // times four columns: MAX_DV / 128
  SHARED_FLOATS = HEADS * MAX_DK  // the queries, and later MAX_SIMDGROUPS * HEADS * 128 values to merge
};

// Below every score, and still a number: a compiler may assume that there is no infinity.
constant float LOWEST = -3.0e38f;

// The cached rows of one kv head.
struct CacheRows {
  device const half* base;
  int64_t stride;
  uint width;
  bool wide;  // rows start at multiples of 16 bytes and have whole groups of 8 values

  device const half* row(int position) const thread { return base + int64_t(position) * stride; }
};

inline CacheRows cache_rows(device const half* base, int stride, int head_stride, uint head, uint width) {
  CacheRows rows;
  rows.base = base + int64_t(head) * head_stride;
  rows.stride = stride;
  rows.width = width;
  rows.wide = ((uint(stride) | uint(head_stride) | width) & 7u) == 0;
  return rows;
}

// Four values of a row from column c on; zeros behind its end.
inline half4 four(CacheRows rows, device const half* row, uint c) {
  if (rows.wide) return *(device const half4*)(row + c);
  half4 v = half4(0.0h);
  for (uint i = 0; i < 4; i++) {
    if (c + i < rows.width) v[i] = row[c + i];
  }
  return v;
}

// The positions of a split: n s / splits to n (s + 1) / splits of the n that a token sees.
struct Positions {
  int begin;
  int end;
};

inline Positions positions_of_split(int visible, uint split, uint splits) {
  Positions p;
  p.begin = int(int64_t(visible) * int64_t(split) / int64_t(splits));
  p.end = int(int64_t(visible) * int64_t(split + 1) / int64_t(splits));
  return p;
}

// What a simdgroup has summed up: by head, the largest score, the sum of e^(score - largest), and the values
// weighted with that, of which a lane has four columns every 4 * lanes.
struct Softmax {
  float largest[HEADS];
  float sum[HEADS];
  float4 values[HEADS][COLUMNS_PER_LANE];
};

inline void clear(thread Softmax& s) {
  for (uint h = 0; h < HEADS; h++) {
    s.largest[h] = LOWEST;
    s.sum[h] = 0.0f;
    for (uint i = 0; i < COLUMNS_PER_LANE; i++) s.values[h][i] = float4(0.0f);
  }
}

// Scores of a tile, before scaling: on return score[h] of a lane is that of position `first + lane`. Lane group g
// (of eight lanes) computes rows 8 g to 8 g + 7, four at a time, whose loads are all under way before they are used.
// Queries are padded with zeros to whole groups of 8 values.
inline void score_tile(CacheRows k, threadgroup const float* q, uint dk8, int first, int last, uint lane,
                       thread float* score) {
  for (uint part = 0; part < 8; part += 4) {
    int row0 = first + int(lane / 8 * 8 + part);
    float sums[HEADS][4];
    for (uint h = 0; h < HEADS; h++) {
      for (uint r = 0; r < 4; r++) sums[h][r] = 0.0f;
    }
    for (uint c = lane % 8 * 8; c < dk8; c += 64) {
      half4 low[4];
      half4 high[4];
      for (uint r = 0; r < 4; r++) {
        device const half* row = k.row(min(row0 + int(r), last));
        low[r] = four(k, row, c);
        high[r] = four(k, row, c + 4);
      }
      for (uint h = 0; h < HEADS; h++) {
        threadgroup const float4* query = (threadgroup const float4*)(q + h * dk8 + c);
        for (uint r = 0; r < 4; r++) sums[h][r] += dot(float4(low[r]), query[0]) + dot(float4(high[r]), query[1]);
      }
    }
    for (uint h = 0; h < HEADS; h++) {
      for (uint r = 0; r < 4; r++) {
        float sum = sums[h][r];
        sum += simd_shuffle_xor(sum, ushort(1));
        sum += simd_shuffle_xor(sum, ushort(2));
        sum += simd_shuffle_xor(sum, ushort(4));
        if (lane % 8 == part + r) score[h] = sum;
      }
    }
  }
}

// Lanes that share a row of v: a power of two, so that narrow rows are read several at a time.
inline uint lanes_of_row(uint dv) {
  uint lanes = 1;
  while (lanes < 32 && 4 * lanes < dv) lanes *= 2;
  return lanes;
}

inline void attend_tile(CacheRows k, CacheRows v, threadgroup const float* q, uint dk8, float scale, int first,
                        int end, uint lane, thread Softmax& s) {
  float weight[HEADS] = {0.0f, 0.0f, 0.0f, 0.0f};
  score_tile(k, q, dk8, first, end - 1, lane, weight);
  bool there = first + int(lane) < end;
  for (uint h = 0; h < HEADS; h++) {
    float score = there ? weight[h] * scale : LOWEST;
    float largest = max(s.largest[h], simd_max(score));
    float decay = exp(s.largest[h] - largest);
    weight[h] = there ? exp(score - largest) : 0.0f;
    s.largest[h] = largest;
    s.sum[h] = s.sum[h] * decay + simd_sum(weight[h]);
    for (uint i = 0; i < COLUMNS_PER_LANE; i++) s.values[h][i] *= decay;
  }
  uint lanes = lanes_of_row(v.width);
  uint rows_at_once = 32 / lanes;
  uint count = uint(min(int(TILE), end - first));
  for (uint j = 0; j < count; j += rows_at_once) {
    uint r = j + lane / lanes;
    float w[HEADS];
    for (uint h = 0; h < HEADS; h++) w[h] = simd_shuffle(weight[h], ushort(min(r, 31u)));
    device const half* row = v.row(min(first + int(r), end - 1));
    for (uint i = 0; i < COLUMNS_PER_LANE; i++) {
      uint c = 4 * (lane % lanes + lanes * i);
      if (c < v.width && r < count) {
        float4 x = float4(four(v, row, c));
        for (uint h = 0; h < HEADS; h++) s.values[h][i] += w[h] * x;
      }
    }
  }
}

// Joins what lanes with the same columns have.
inline void join_lanes(uint lanes, thread Softmax& s) {
  for (uint d = lanes; d < 32; d *= 2) {
    for (uint h = 0; h < HEADS; h++) {
      for (uint i = 0; i < COLUMNS_PER_LANE; i++) s.values[h][i] += simd_shuffle_xor(s.values[h][i], ushort(d));
    }
  }
}

// A partial softmax over one split: maximum, sum, dv values; by token, head and split. Store says how it is stored.
inline device float* partial_of(device float* partial, int64_t row, uint splits, uint split, uint dv) {
  return partial + (row * int64_t(splits) + split) * int64_t(2 + dv);
}

// Where a thread is.
struct Place {
  uint thread_index;
  uint threads;
  uint simdgroup;
  uint simdgroups;
  uint lane;
};

// What a threadgroup attends with and to.
struct Work {
  uint heads;      // of this threadgroup, 1 to HEADS
  int64_t row;     // its first row of results: token * heads + head
  uint split;
  uint splits;
  float scale;
  Positions positions;
};

// Queries into threadgroup memory, by head, padded with zeros to dk8; heads that are not there are zeros.
inline void load_queries(device const float* q, int head_stride, uint heads, uint dk, uint dk8, Place at,
                         threadgroup float* shared) {
  for (uint i = at.thread_index; i < HEADS * dk8; i += at.threads) {
    uint h = i / dk8;
    uint c = i % dk8;
    shared[i] = h < heads && c < dk ? q[int64_t(h) * head_stride + c] : 0.0f;
  }
}

// Attends, and stores the partial results of all heads. `shared` has the queries, and is then used to merge what the
// simdgroups have; `maxima` and `sums` have MAX_SIMDGROUPS * HEADS values.
template <typename Store>
inline void attend(CacheRows k, CacheRows v, Work work, Place at, device float* partial, threadgroup float* shared,
                   threadgroup float* maxima, threadgroup float* sums) {
  Softmax s;
  clear(s);
  uint dk8 = (k.width + 7) / 8 * 8;
  uint dv = v.width;
  for (int p = work.positions.begin + TILE * int(at.simdgroup); p < work.positions.end; p += TILE * int(at.simdgroups)) {
    attend_tile(k, v, shared, dk8, work.scale, p, work.positions.end, at.lane, s);
  }
  uint lanes = lanes_of_row(dv);
  join_lanes(lanes, s);
  if (at.lane == 0) {
    for (uint h = 0; h < HEADS; h++) {
      maxima[at.simdgroup * HEADS + h] = s.largest[h];
      sums[at.simdgroup * HEADS + h] = s.sum[h];
    }
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);  // nobody needs the queries any more, either
  float largest[HEADS];
  for (uint h = 0; h < HEADS; h++) {
    largest[h] = maxima[h];
    for (uint g = 1; g < at.simdgroups; g++) largest[h] = max(largest[h], maxima[g * HEADS + h]);
  }
  uint block = 4 * lanes;  // columns that are merged at a time
  for (uint i = 0; i < COLUMNS_PER_LANE; i++) {  // a constant count keeps the values in registers
    if (block * i >= dv) continue;
    if (at.lane < lanes) {
      for (uint h = 0; h < HEADS; h++) {
        float4 x = s.values[h][i] * exp(s.largest[h] - largest[h]);
        *(threadgroup float4*)(shared + (at.simdgroup * HEADS + h) * block + 4 * at.lane) = x;
      }
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint j = at.thread_index; j < work.heads * block; j += at.threads) {
      uint h = j / block;
      uint c = block * i + j % block;
      if (c >= dv) continue;
      float sum = 0.0f;
      for (uint g = 0; g < at.simdgroups; g++) sum += shared[(g * HEADS + h) * block + j % block];
      Store::store(partial_of(partial, work.row + h, work.splits, work.split, dv) + 2 + c, sum);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  if (at.thread_index < work.heads) {
    uint h = at.thread_index;
    float most = LOWEST;
    for (uint g = 0; g < at.simdgroups; g++) most = max(most, maxima[g * HEADS + h]);
    float sum = 0.0f;
    for (uint g = 0; g < at.simdgroups; g++) sum += sums[g * HEADS + h] * exp(maxima[g * HEADS + h] - most);
    bool empty = work.positions.end <= work.positions.begin;
    device float* out = partial_of(partial, work.row + h, work.splits, work.split, dv);
    Store::store(out, empty ? -INFINITY : most);
    Store::store(out + 1, sum);
  }
}
