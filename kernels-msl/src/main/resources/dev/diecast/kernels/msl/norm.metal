// RMSNorm: a threadgroup a row.
#include <metal_stdlib>
using namespace metal;
#include "step.h"
#include "wait.h"

struct RmsNormArgs {
  int n_tokens;
  int heads;
  int n;
  int x_stride;
  int x_head_stride;
  int y_stride;
  int y_head_stride;
  int last_only;
  float eps;
};

kernel void rms_norm(device const float* x [[buffer(0)]],
                     device const float* w [[buffer(1)]],
                     device const StepState* step [[buffer(2)]],
                     device float* y [[buffer(3)]],
                     constant RmsNormArgs& args [[buffer(4)]],
                     uint2 group [[threadgroup_position_in_grid]],
                     uint thread_index [[thread_index_in_threadgroup]],
                     uint2 size [[threads_per_threadgroup]],
                     uint simdgroup [[simdgroup_index_in_threadgroup]],
                     uint lane [[thread_index_in_simdgroup]]) {
  threadgroup float sums[32];
  uint threads = size.x;
  wait_for_inputs();
  uint active = active_tokens(args.n_tokens, step);
  uint rows = args.last_only == 1 ? min(active, 1u) : active;
  if (group.y >= rows) return;
  uint token = args.last_only == 1 ? active - 1 : group.y;
  device const float* in = x + int64_t(token) * args.x_stride + int64_t(group.x) * args.x_head_stride;
  device float* out = y + int64_t(group.y) * args.y_stride + int64_t(group.x) * args.y_head_stride;
  uint n = uint(args.n);
  uint whole = n / 4 * 4;
  float squares = 0.0f;
  for (uint i = 4 * thread_index; i < whole; i += 4 * threads) {
    float4 v = float4(*(device const packed_float4*)(in + i));
    squares += dot(v, v);
  }
  for (uint i = whole + thread_index; i < n; i += threads) squares += in[i] * in[i];
  squares = simd_sum(squares);
  if (lane == 0) sums[simdgroup] = squares;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  float total = simd_sum(lane < threads / 32 ? sums[lane] : 0.0f);
  float scale = 1.0f / sqrt(total / float(n) + args.eps);
  for (uint i = 4 * thread_index; i < whole; i += 4 * threads) {
    float4 v = float4(*(device const packed_float4*)(in + i));
    float4 weight = float4(*(device const packed_float4*)(w + i));
    *(device packed_float4*)(out + i) = packed_float4(v * scale * weight);
  }
  for (uint i = whole + thread_index; i < n; i += threads) out[i] = in[i] * scale * w[i];
}
