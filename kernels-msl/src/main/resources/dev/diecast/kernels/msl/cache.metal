// Rows appended to the KV cache.
#include <metal_stdlib>
using namespace metal;
#include "cache.h"
#include "step.h"
#include "wait.h"

struct KvWriteArgs {
  int n_tokens;
  int n;
  int x_stride;
  int row_stride;
  int capacity;
};

kernel void kv_write(device const float* x [[buffer(0)]],
                     device const StepState* step [[buffer(1)]],
                     device half* cache [[buffer(2)]],
                     constant KvWriteArgs& args [[buffer(3)]],
                     uint2 at [[thread_position_in_grid]]) {
  wait_for_inputs();
  if (at.y >= active_tokens(args.n_tokens, step) || at.x >= uint(args.n)) return;
  int position = step->position + int(at.y);
  if (!is_cached(position, args.capacity)) return;
  cache[int64_t(position) * args.row_stride + at.x] = half(x[int64_t(at.y) * args.x_stride + at.x]);
}
