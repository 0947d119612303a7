// Attention over splits of the context, joined in the same dispatch by whoever comes last, who may then take each
// head's values through a matrix.
#include <metal_stdlib>
using namespace metal;
#include "attention.h"
#include "join.h"
#include "published_memory.h"
#include "short_rows.h"
#include "step.h"
#include "wait.h"

constant int value_type [[function_constant(0)]];
constant int simdgroups [[function_constant(1)]];
constant bool has_value = value_type >= 0;

struct SplitAttentionArgs {
  int n_tokens;
  int heads;
  int kv_heads;
  int dk;
  int dv;
  int value_rows;
  int q_stride;
  int q_head_stride;
  int y_stride;
  int y_head_stride;
  int k_row_stride;
  int k_head_stride;
  int v_row_stride;
  int v_head_stride;
  int splits;
  int capacity;
  int64_t row_bytes;
  int64_t head_bytes;
  float scale;
};

// Heads that share a kv head, as threadgroups see them: blocks of HEADS heads attend; unions of blocks, as few as
// the tickets have fields for, are joined by the last threadgroup of any of their blocks and splits.
struct Sharing {
  uint heads;
  uint blocks;
  uint blocks_of_union;
};

inline Sharing sharing_of(uint heads, uint splits) {
  Sharing s;
  s.heads = heads;
  s.blocks = (heads + HEADS - 1) / HEADS;
  s.blocks_of_union = 1;
  while ((s.blocks + s.blocks_of_union - 1) / s.blocks_of_union > fields_for(splits * s.blocks_of_union)) {
    s.blocks_of_union *= 2;
  }
  return s;
}

kernel void split_attention(device const float* q [[buffer(0)]],
                            device const half* k [[buffer(1)]],
                            device const half* v [[buffer(2)]],
                            device const StepState* step [[buffer(3)]],
                            device const uchar* value [[buffer(4), function_constant(has_value)]],
                            device float* partial [[buffer(5)]],
                            device atomic_int* tickets [[buffer(6)]],
                            device float* y [[buffer(7)]],
                            constant SplitAttentionArgs& args [[buffer(8)]],
                            uint3 group [[threadgroup_position_in_grid]],
                            uint thread_index [[thread_index_in_threadgroup]],
                            uint simdgroup [[simdgroup_index_in_threadgroup]],
                            uint lane [[thread_index_in_simdgroup]]) {
  threadgroup float4 shared[SHARED_FLOATS / 4];
  threadgroup float scores[SCORES];
  threadgroup uint is_last[1];
  wait_for_inputs();
  uint t = group.z;
  if (t >= active_tokens(args.n_tokens, step)) return;
  Place at = place_of(thread_index, uint(simdgroups), uint(args.dv));
  uint splits = uint(args.splits);
  Sharing sharing = sharing_of(uint(args.heads / args.kv_heads), splits);
  uint kv_head = group.y / sharing.blocks;
  uint block = group.y % sharing.blocks;
  uint head = kv_head * sharing.heads + block * HEADS;
  int visible = clamp(step->position + int(t) + 1, 0, args.capacity);
  Work work;
  work.heads = min(uint(HEADS), sharing.heads - block * HEADS);
  work.row = int64_t(t) * args.heads + head;
  work.split = group.x;
  work.splits = splits;
  work.scale = args.scale;
  work.positions = positions_of_split(visible, group.x, splits);
  uint dk = uint(args.dk);
  uint dv = uint(args.dv);
  device const float* queries = q + int64_t(t) * args.q_stride + int64_t(head) * args.q_head_stride;
  load_queries(queries, args.q_head_stride, work.heads, dk, (dk + 7) / 8 * 8, at, (threadgroup float*)shared);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  CacheRows keys = cache_rows(k, args.k_row_stride, args.k_head_stride, kv_head, dk);
  CacheRows values = cache_rows(v, args.v_row_stride, args.v_head_stride, kv_head, dv);
  attend<PublishedMemory>(keys, values, work, at, partial, (threadgroup float*)shared, scores);

  threadgroup_barrier(mem_flags::mem_device);
  uint union_index = block / sharing.blocks_of_union;
  uint first_block = union_index * sharing.blocks_of_union;
  uint blocks = min(sharing.blocks_of_union, sharing.blocks - first_block);
  if (thread_index == 0) {
    TicketField field = ticket_field(union_index, splits * sharing.blocks_of_union);
    device atomic_int* counters = tickets + 2 * (int64_t(t) * args.kv_heads + kv_head);
    is_last[0] = arrive(counters, field, splits * blocks) ? 1 : 0;
  }
  threadgroup_barrier(mem_flags::mem_threadgroup | mem_flags::mem_device);
  if (is_last[0] == 0) return;

  uint first_head = first_block * HEADS;
  uint last_head = min(first_head + blocks * HEADS, sharing.heads);
  for (uint shared_head = first_head; shared_head < last_head; shared_head++) {
    uint h = kv_head * sharing.heads + shared_head;
    device const float* parts = partial_of(partial, int64_t(t) * args.heads + h, splits, 0, dv);
    device float* out = y + int64_t(t) * args.y_stride + int64_t(h) * args.y_head_stride;
    float2 joined = join_sums<PublishedMemory>(parts, splits, dv, lane);
    threadgroup float* row = (threadgroup float*)shared;
    for (uint first = 0; first < dv; first += 4 * at.threads) {
      uint c = first + thread_index;
      float4 mine = join_values<PublishedMemory>(parts, splits, dv, joined, c, at.threads, lane);
      for (uint i = 0; i < 4; i++) {
        if (c + i * at.threads >= dv) continue;
        if (has_value) row[c + i * at.threads] = mine[i];
        else out[c + i * at.threads] = mine[i];
      }
    }
    if (has_value) {
      threadgroup_barrier(mem_flags::mem_threadgroup);
      device const uchar* matrix = value + int64_t(h) * args.head_bytes;
      multiply_rows_of(value_type, matrix, args.row_bytes, row, dv, 0, uint(args.value_rows), simdgroup,
                       uint(simdgroups), lane, out);
      threadgroup_barrier(mem_flags::mem_threadgroup);  // before the row is overwritten
    }
  }
}
