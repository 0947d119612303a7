// Everything between the projections and attention: a simdgroup a head, first those of q, then of k, then of v.
#include <metal_stdlib>
using namespace metal;
#include "cache.h"
#include "rope.h"
#include "step.h"
#include "wait.h"

constant bool has_q_norm [[function_constant(0)]];
constant bool has_k_norm [[function_constant(1)]];
constant int simdgroups [[function_constant(2)]];

struct HeadsPrepareArgs {
  int n_tokens;
  int heads;
  int kv_heads;
  int dk;
  int dv;
  int n_rot;
  int neox;
  int q_stride;
  int q_head_stride;
  int k_stride;
  int k_head_stride;
  int v_stride;
  int v_head_stride;
  int y_stride;
  int y_head_stride;
  int k_row_stride;
  int v_row_stride;
  int capacity;
  float eps;
};

// The factor of RMSNorm.
inline float norm_factor(device const float* x, uint n, float eps, uint lane) {
  float squares = 0.0f;
  for (uint i = lane; i < n; i += 32) squares += x[i] * x[i];
  return 1.0f / sqrt(simd_sum(squares) / float(n) + eps);
}

// A head on its way into `y`, of float or half: value i is x[i] * factor * norm[i], then turned.
struct Head {
  device const float* x;
  device const float* norm;
  bool normed;
  float factor;
  device const float* angles;
  uint n;
  uint pairs;
  bool neox;

  float value(uint i) const thread { return normed ? x[i] * factor * norm[i] : x[i]; }
};

template <typename T>
inline void turn_into(Head head, device T* y, uint lane) {
  for (uint i = lane; i < head.pairs; i += 32) {
    uint first = first_of_pair(i, head.neox);
    uint second = second_of_pair(i, head.pairs, head.neox);
    float2 result =
        turned(head.value(first), head.value(second), head.angles[2 * i], head.angles[2 * i + 1]);
    y[first] = T(result.x);
    y[second] = T(result.y);
  }
  for (uint i = 2 * head.pairs + lane; i < head.n; i += 32) y[i] = T(head.value(i));
}

kernel void heads_prepare(device const float* q [[buffer(0)]],
                          device const float* k [[buffer(1)]],
                          device const float* v [[buffer(2)]],
                          device const float* q_norm [[buffer(3), function_constant(has_q_norm)]],
                          device const float* k_norm [[buffer(4), function_constant(has_k_norm)]],
                          device const float* angles [[buffer(5)]],
                          device const StepState* step [[buffer(6)]],
                          device float* y [[buffer(7)]],
                          device half* k_cache [[buffer(8)]],
                          device half* v_cache [[buffer(9)]],
                          constant HeadsPrepareArgs& args [[buffer(10)]],
                          uint2 group [[threadgroup_position_in_grid]],
                          uint simdgroup [[simdgroup_index_in_threadgroup]],
                          uint lane [[thread_index_in_simdgroup]]) {
  wait_for_inputs();
  uint t = group.y;
  uint item = group.x * uint(simdgroups) + simdgroup;
  uint heads = uint(args.heads);
  uint kv_heads = uint(args.kv_heads);
  if (t >= active_tokens(args.n_tokens, step) || item >= heads + 2 * kv_heads) return;
  int position = step->position + int(t);
  bool cached = is_cached(position, args.capacity);
  uint dk = uint(args.dk);
  uint pairs = uint(args.n_rot) / 2;
  device const float* turn = angles + 2 * int64_t(t) * pairs;
  if (item < heads) {
    device const float* x = q + int64_t(t) * args.q_stride + int64_t(item) * args.q_head_stride;
    device float* out = y + int64_t(t) * args.y_stride + int64_t(item) * args.y_head_stride;
    float factor = has_q_norm ? norm_factor(x, dk, args.eps, lane) : 1.0f;
    Head head = {x, q_norm, has_q_norm, factor, turn, dk, pairs, args.neox == 1};
    turn_into(head, out, lane);
  } else if (!cached) {
    return;
  } else if (item < heads + kv_heads) {
    uint h = item - heads;
    device const float* x = k + int64_t(t) * args.k_stride + int64_t(h) * args.k_head_stride;
    device half* out = k_cache + int64_t(position) * args.k_row_stride + int64_t(h) * dk;
    float factor = has_k_norm ? norm_factor(x, dk, args.eps, lane) : 1.0f;
    Head head = {x, k_norm, has_k_norm, factor, turn, dk, pairs, args.neox == 1};
    turn_into(head, out, lane);
  } else {
    uint h = item - heads - kv_heads;
    device const float* x = v + int64_t(t) * args.v_stride + int64_t(h) * args.v_head_stride;
    device half* out = v_cache + int64_t(position) * args.v_row_stride + int64_t(h) * args.dv;
    for (uint i = lane; i < uint(args.dv); i += 32) out[i] = half(x[i]);
  }
}
