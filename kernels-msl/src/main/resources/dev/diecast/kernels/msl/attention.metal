// Attention over splits of the context, to be joined by attention_combine.
#include <metal_stdlib>
using namespace metal;
#include "attention.h"
#include "plain_memory.h"
#include "step.h"
#include "wait.h"

constant int simdgroups [[function_constant(0)]];

struct AttentionArgs {
  int n_tokens;
  int heads;
  int kv_heads;
  int dk;
  int dv;
  int q_stride;
  int q_head_stride;
  int k_row_stride;
  int k_head_stride;
  int v_row_stride;
  int v_head_stride;
  int splits;
  int capacity;
  float scale;
};

kernel void attention(device const float* q [[buffer(0)]],
                      device const half* k [[buffer(1)]],
                      device const half* v [[buffer(2)]],
                      device const StepState* step [[buffer(3)]],
                      device float* partial [[buffer(4)]],
                      constant AttentionArgs& args [[buffer(5)]],
                      uint3 group [[threadgroup_position_in_grid]],
                      uint thread_index [[thread_index_in_threadgroup]]) {
  threadgroup float4 shared[SHARED_FLOATS / 4];
  threadgroup float scores[SCORES];
  wait_for_inputs();
  uint t = group.z;
  if (t >= active_tokens(args.n_tokens, step)) return;
  Place at = place_of(thread_index, uint(simdgroups), uint(args.dv));
  uint sharing = uint(args.heads / args.kv_heads);
  uint blocks = (sharing + HEADS - 1) / HEADS;
  uint kv_head = group.y / blocks;
  uint first = group.y % blocks * HEADS;
  uint head = kv_head * sharing + first;
  int visible = clamp(step->position + int(t) + 1, 0, args.capacity);
  Work work;
  work.heads = min(uint(HEADS), sharing - first);
  work.row = int64_t(t) * args.heads + head;
  work.split = group.x;
  work.splits = uint(args.splits);
  work.scale = args.scale;
  work.positions = positions_of_split(visible, group.x, uint(args.splits));
  uint dk = uint(args.dk);
  device const float* queries = q + int64_t(t) * args.q_stride + int64_t(head) * args.q_head_stride;
  load_queries(queries, args.q_head_stride, work.heads, dk, (dk + 7) / 8 * 8, at, (threadgroup float*)shared);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  CacheRows keys = cache_rows(k, args.k_row_stride, args.k_head_stride, kv_head, dk);
  CacheRows values = cache_rows(v, args.v_row_stride, args.v_head_stride, kv_head, uint(args.dv));
  attend<PlainMemory>(keys, values, work, at, partial, (threadgroup float*)shared, scores);
}
