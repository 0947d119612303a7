// One split of attention by one threadgroup: online softmax (Milakov and Gimelshein 2018) over the positions of the
// split, for up to HEADS query heads that share a kv head, so that each cached row is loaded once for all of them.
//
// A simdgroup scores 32 positions at a time. Eight lanes share a row of k; then each lane holds the score of one
// position. For the values, a simdgroup has up to 128 columns of v, four of each lane, and as many rows at a time as
// lanes allow. Wider rows are shared by teams of simdgroups, which pass each other their scores, so that nobody has
// more sums than registers. Teams take their tiles of positions in turn.
#include "cache.h"

enum {
  HEADS = 4,  // query heads of a threadgroup
  MAX_DK = 576,
  MAX_SIMDGROUPS = 4,
  COLUMNS = 128,                   // of v that a simdgroup has
  SHARED_FLOATS = HEADS * MAX_DK,  // the queries, and later MAX_SIMDGROUPS * HEADS * COLUMNS values to merge
  SCORES = MAX_SIMDGROUPS * HEADS * 32
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

// What a simdgroup has summed up: by head, the largest score of its team, the sum of e^(score - largest), and the
// values weighted with that, of which a lane has four columns.
struct Softmax {
  float largest[HEADS];
  float sum[HEADS];
  float4 values[HEADS];
};

inline void clear(thread Softmax& s) {
  for (uint h = 0; h < HEADS; h++) {
    s.largest[h] = LOWEST;
    s.sum[h] = 0.0f;
    s.values[h] = float4(0.0f);
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

// Where a thread is. Simdgroups `members * team` to `members * (team + 1) - 1` are a team.
struct Place {
  uint thread_index;
  uint threads;
  uint lane;
  uint members;
  uint member;
  uint team;
  uint teams;
};

inline Place place_of(uint thread_index, uint simdgroups, uint dv) {
  Place at;
  at.members = dv <= COLUMNS ? 1 : dv <= 2 * COLUMNS ? 2 : 4;
  at.thread_index = thread_index;
  at.threads = 32 * simdgroups;
  at.lane = thread_index % 32;
  at.member = thread_index / 32 % at.members;
  at.team = thread_index / 32 / at.members;
  at.teams = simdgroups / at.members;
  return at;
}

// Lanes that share a row of v: a power of two, so that narrow rows are read several at a time.
inline uint lanes_of_row(uint dv) {
  uint lanes = 1;
  while (lanes < 32 && 4 * lanes < dv) lanes *= 2;
  return lanes;
}

// Adds rows `first` to `last` of v, at most 32, of which a lane holds the weights of one by head.
inline void add_values(CacheRows v, thread const float* weight, int first, int last, Place at, thread Softmax& s) {
  uint lanes = lanes_of_row(v.width);
  uint column = COLUMNS * at.member + 4 * (at.lane % lanes);
  for (int row0 = first; row0 <= last; row0 += int(32 / lanes)) {
    int row = row0 + int(at.lane / lanes);
    float w[HEADS];
    for (uint h = 0; h < HEADS; h++) w[h] = simd_shuffle(weight[h], ushort(min(row - first, 31)));
    if (column < v.width && row <= last) {
      float4 x = float4(four(v, v.row(row), column));
      for (uint h = 0; h < HEADS; h++) s.values[h] += w[h] * x;
    }
  }
}

// The positions from `base` on that a team takes at once, 32 a member, those behind `end` left out. `scores` has room
// for HEADS * 32 scores of each member. All threads of the threadgroup must be here.
inline void attend_tile(CacheRows k, CacheRows v, threadgroup const float* q, uint dk8, float scale, int base, int end,
                        Place at, threadgroup float* scores, thread Softmax& s) {
  float own[HEADS] = {0.0f, 0.0f, 0.0f, 0.0f};
  int first = base + 32 * int(at.member);
  if (first < end) score_tile(k, q, dk8, first, end - 1, at.lane, own);
  for (uint h = 0; h < HEADS; h++) own[h] = first + int(at.lane) < end ? own[h] * scale : LOWEST;
  bool alone = at.members == 1;
  if (!alone) {
    for (uint h = 0; h < HEADS; h++) scores[(at.member * HEADS + h) * 32 + at.lane] = own[h];
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  for (uint h = 0; h < HEADS; h++) {
    float largest = max(s.largest[h], own[h]);
    for (uint m = 0; !alone && m < at.members; m++) {
      largest = max(largest, scores[(m * HEADS + h) * 32 + at.lane]);
    }
    largest = simd_max(largest);
    float decay = exp(s.largest[h] - largest);
    s.largest[h] = largest;
    s.sum[h] *= decay;
    s.values[h] *= decay;
  }
  for (uint m = 0; m < at.members; m++) {
    int begin = base + 32 * int(m);
    float weight[HEADS];
    for (uint h = 0; h < HEADS; h++) {
      float score = alone ? own[h] : scores[(m * HEADS + h) * 32 + at.lane];
      weight[h] = begin + int(at.lane) < end ? exp(score - s.largest[h]) : 0.0f;
      s.sum[h] += simd_sum(weight[h]);
    }
    add_values(v, weight, begin, min(begin + 32, end) - 1, at, s);
  }
  if (!alone) threadgroup_barrier(mem_flags::mem_threadgroup);  // before the next tile's scores
}

// Joins what lanes with the same columns have.
inline void join_lanes(uint lanes, thread Softmax& s) {
  for (uint d = lanes; d < 32; d *= 2) {
    for (uint h = 0; h < HEADS; h++) s.values[h] += simd_shuffle_xor(s.values[h], ushort(d));
  }
}

// A partial softmax over one split: maximum, sum, dv values; by token, head and split. Store says how it is stored.
inline device float* partial_of(device float* partial, int64_t row, uint splits, uint split, uint dv) {
  return partial + (row * int64_t(splits) + split) * int64_t(2 + dv);
}

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
// teams have; `scores` is room for SCORES values, and for maxima and sums at the end.
template <typename Store>
inline void attend(CacheRows k, CacheRows v, Work work, Place at, device float* partial, threadgroup float* shared,
                   threadgroup float* scores) {
  Softmax s;
  clear(s);
  uint dk8 = (k.width + 7) / 8 * 8;
  uint dv = v.width;
  int tile = 32 * int(at.members);
  for (int p = work.positions.begin; p < work.positions.end; p += tile * int(at.teams)) {
    threadgroup float* room = scores + at.team * at.members * HEADS * 32;
    attend_tile(k, v, shared, dk8, work.scale, p + tile * int(at.team), work.positions.end, at, room, s);
  }
  uint lanes = lanes_of_row(dv);
  join_lanes(lanes, s);
  threadgroup float* maxima = scores;
  threadgroup float* sums = scores + MAX_SIMDGROUPS * HEADS;
  if (at.lane == 0 && at.member == 0) {
    for (uint h = 0; h < HEADS; h++) {
      maxima[at.team * HEADS + h] = s.largest[h];
      sums[at.team * HEADS + h] = s.sum[h];
    }
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);  // nobody needs the queries any more, either
  uint width = 4 * lanes * at.members;
  for (uint h = 0; h < HEADS; h++) {
    float largest = maxima[h];
    for (uint g = 1; g < at.teams; g++) largest = max(largest, maxima[g * HEADS + h]);
    uint column = 4 * (lanes * at.member + at.lane);
    if (at.lane < lanes) {
      float4 x = s.values[h] * exp(s.largest[h] - largest);
      *(threadgroup float4*)(shared + (at.team * HEADS + h) * width + column) = x;
    }
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint h = 0; h < work.heads; h++) {
    device float* out = partial_of(partial, work.row + h, work.splits, work.split, dv);
    for (uint c = at.thread_index; c < dv; c += at.threads) {
      float sum = 0.0f;
      for (uint g = 0; g < at.teams; g++) sum += shared[(g * HEADS + h) * width + c];
      Store::store(out + 2 + c, sum);
    }
  }
  if (at.thread_index < work.heads) {
    uint h = at.thread_index;
    float most = LOWEST;
    for (uint g = 0; g < at.teams; g++) most = max(most, maxima[g * HEADS + h]);
    float sum = 0.0f;
    for (uint g = 0; g < at.teams; g++) sum += sums[g * HEADS + h] * exp(maxima[g * HEADS + h] - most);
    bool empty = work.positions.end <= work.positions.begin;
    device float* out = partial_of(partial, work.row + h, work.splits, work.split, dv);
    Store::store(out, empty ? -INFINITY : most);
    Store::store(out + 1, sum);
  }
}
