// The splits of attention joined: a threadgroup a head.
#include <metal_stdlib>
using namespace metal;
#include "join.h"
#include "plain_memory.h"
#include "step.h"
#include "wait.h"

struct AttentionCombineArgs {
  int n_tokens;
  int heads;
  int dv;
  int splits;
  int y_stride;
  int y_head_stride;
};

kernel void attention_combine(device const float* partial [[buffer(0)]],
                              device const StepState* step [[buffer(1)]],
                              device float* y [[buffer(2)]],
                              constant AttentionCombineArgs& args [[buffer(3)]],
                              uint2 group [[threadgroup_position_in_grid]],
                              uint thread_index [[thread_index_in_threadgroup]],
                              uint2 size [[threads_per_threadgroup]],
                              uint lane [[thread_index_in_simdgroup]]) {
  wait_for_inputs();
  uint threads = size.x;
  if (group.y >= active_tokens(args.n_tokens, step)) return;
  uint dv = uint(args.dv);
  uint splits = uint(args.splits);
  device const float* head = partial + (int64_t(group.y) * args.heads + group.x) * splits * int64_t(2 + dv);
  float2 joined = join_sums<PlainMemory>(head, splits, dv, lane);
  device float* out = y + int64_t(group.y) * args.y_stride + int64_t(group.x) * args.y_head_stride;
  for (uint first = 0; first < dv; first += 4 * threads) {
    uint c = first + thread_index;
    float4 values = join_values<PlainMemory>(head, splits, dv, joined, c, threads, lane);
    for (uint i = 0; i < 4; i++) {
      if (c + i * threads < dv) out[c + i * threads] = values[i];
    }
  }
}
