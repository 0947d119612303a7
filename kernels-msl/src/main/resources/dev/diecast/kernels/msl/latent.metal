// Queries and cache rows of MLA with an absorbed key matrix. A threadgroup computes 64 columns of an absorbed head;
// those of the first columns also turn the rest of the head, and one more threadgroup makes the cache row.
#include <metal_stdlib>
using namespace metal;
#include "cache.h"
#include "rope.h"
#include "short_rows.h"
#include "step.h"
#include "wait.h"

constant int w_type [[function_constant(0)]];
constant int transposed [[function_constant(1)]];
constant int simdgroups [[function_constant(2)]];

enum { COLUMNS = 64, MAX_NOPE = 512, MAX_SIMDGROUPS = 4 };

struct LatentPrepareArgs {
  int n_tokens;
  int heads;
  int nope;
  int n_rot;
  int latent;
  int neox;
  int q_stride;
  int q_head_stride;
  int kv_stride;
  int y_stride;
  int y_head_stride;
  int row_stride;
  int capacity;
  int64_t row_bytes;
  int64_t head_bytes;
  float eps;
};

// Adds x times the eight values of a row from column c on; none behind the last.
template <typename W>
inline void add_eight(device const uchar* row, uint c, uint columns, float x, thread float* sums) {
  float w[8];
  if (c + 8 <= columns) {
    W::decode8(row, c, w);
    for (uint i = 0; i < 8; i++) sums[i] += w[i] * x;
  } else {
    for (uint i = 0; c + i < columns; i++) sums[i] += W::value(row, c + i) * x;
  }
}

// The stored rows summed with weights x, columns `from` to `from` + 63: eight lanes share a row, and the four times
// simdgroups rows that are summed side by side are joined through `parts`, COLUMNS values for each simdgroup.
template <typename W>
inline void sum_rows(device const uchar* w, int64_t row_bytes, threadgroup const float* x, uint rows, uint columns,
                     uint from, uint simdgroup, uint lane, threadgroup float* parts, device float* y) {
  float sums[8] = {0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f};
  uint c = from + 8 * (lane % 8);
  if (c < columns) {
    for (uint r = 4 * simdgroup + lane / 8; r < rows; r += 4 * uint(simdgroups)) {
      add_eight<W>(w + int64_t(r) * row_bytes, c, columns, x[r], sums);
    }
  }
  for (uint i = 0; i < 8; i++) {
    float sum = sums[i];
    sum += simd_shuffle_xor(sum, ushort(8));
    sum += simd_shuffle_xor(sum, ushort(16));
    if (lane < 8) parts[COLUMNS * simdgroup + 8 * lane + i] = sum;
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint i = 32 * simdgroup + lane; i < COLUMNS && from + i < columns; i += 32 * uint(simdgroups)) {
    float sum = 0.0f;
    for (uint g = 0; g < uint(simdgroups); g++) sum += parts[COLUMNS * g + i];
    y[from + i] = sum;
  }
}

inline void sum_rows_of(int type, device const uchar* w, int64_t row_bytes, threadgroup const float* x, uint rows,
                        uint columns, uint from, uint simdgroup, uint lane, threadgroup float* parts,
                        device float* y) {
  switch (type) {
    case TYPE_F32: sum_rows<F32>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_F16: sum_rows<F16>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_BF16: sum_rows<BF16>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_Q8_0: sum_rows<Q8_0>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_Q4_0: sum_rows<Q4_0>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_Q4_1: sum_rows<Q4_1>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_Q5_0: sum_rows<Q5_0>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_Q5_1: sum_rows<Q5_1>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_Q4_K: sum_rows<Q4_K>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_Q5_K: sum_rows<Q5_K>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
    case TYPE_Q6_K: sum_rows<Q6_K>(w, row_bytes, x, rows, columns, from, simdgroup, lane, parts, y); break;
  }
}

// Turns 2 * pairs values of x into y, of float or half.
template <typename T>
inline void turn_all(device const float* x, device const float* angles, uint pairs, bool neox, uint thread_index,
                     uint threads, device T* y) {
  for (uint i = thread_index; i < pairs; i += threads) {
    uint first = first_of_pair(i, neox);
    uint second = second_of_pair(i, pairs, neox);
    float2 result = turned(x[first], x[second], angles[2 * i], angles[2 * i + 1]);
    y[first] = T(result.x);
    y[second] = T(result.y);
  }
}

kernel void latent_prepare(device const float* q [[buffer(0)]],
                           device const float* kv [[buffer(1)]],
                           device const float* norm [[buffer(2)]],
                           device const float* angles [[buffer(3)]],
                           device const uchar* w [[buffer(4)]],
                           device const StepState* step [[buffer(5)]],
                           device float* y [[buffer(6)]],
                           device half* cache [[buffer(7)]],
                           constant LatentPrepareArgs& args [[buffer(8)]],
                           uint2 group [[threadgroup_position_in_grid]],
                           uint thread_index [[thread_index_in_threadgroup]],
                           uint simdgroup [[simdgroup_index_in_threadgroup]],
                           uint lane [[thread_index_in_simdgroup]]) {
  threadgroup float x[MAX_NOPE];
  threadgroup float parts[MAX_SIMDGROUPS * COLUMNS];
  wait_for_inputs();
  uint t = group.y;
  if (t >= active_tokens(args.n_tokens, step)) return;
  uint threads = 32 * uint(simdgroups);
  uint latent = uint(args.latent);
  uint nope = uint(args.nope);
  uint pairs = uint(args.n_rot) / 2;
  uint blocks = (latent + COLUMNS - 1) / COLUMNS;
  uint head = group.x / blocks;
  device const float* turn = angles + 2 * int64_t(t) * pairs;
  if (head == uint(args.heads)) {
    int position = step->position + int(t);
    if (!is_cached(position, args.capacity)) return;
    device const float* in = kv + int64_t(t) * args.kv_stride;
    device half* row = cache + int64_t(position) * args.row_stride;
    float squares = 0.0f;
    for (uint i = thread_index; i < latent; i += threads) squares += in[i] * in[i];
    squares = simd_sum(squares);
    if (lane == 0) parts[simdgroup] = squares;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float total = 0.0f;
    for (uint g = 0; g < uint(simdgroups); g++) total += parts[g];
    float scale = 1.0f / sqrt(total / float(latent) + args.eps);
    for (uint i = thread_index; i < latent; i += threads) row[i] = half(in[i] * scale * norm[i]);
    turn_all(in + latent, turn, pairs, args.neox == 1, thread_index, threads, row + latent);
    return;
  }
  uint from = group.x % blocks * COLUMNS;
  device const float* in = q + int64_t(t) * args.q_stride + int64_t(head) * args.q_head_stride;
  device float* out = y + int64_t(t) * args.y_stride + int64_t(head) * args.y_head_stride;
  device const uchar* matrix = w + int64_t(head) * args.head_bytes;
  for (uint i = thread_index; i < nope; i += threads) x[i] = in[i];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (transposed == 1) {
    sum_rows_of(w_type, matrix, args.row_bytes, x, nope, latent, from, simdgroup, lane, parts, out);
  } else {
    multiply_rows_of(w_type, matrix, args.row_bytes, x, nope, from, min(from + COLUMNS, latent), simdgroup,
                     uint(simdgroups), lane, out);
  }
  if (from == 0) turn_all(in + nope, turn, pairs, args.neox == 1, thread_index, threads, out + latent);
}
