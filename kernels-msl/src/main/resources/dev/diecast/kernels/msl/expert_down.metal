// expert_down: the weighted sum of what the chosen experts make of their vectors, with the shared expert and the
// residual added. A lane adds up all experts before the simdgroup does.
#include <metal_stdlib>
using namespace metal;
#include "matvec.h"
#include "step.h"
#include "wait.h"

constant int w_type [[function_constant(0)]];
constant int shared_type [[function_constant(1)]];
constant bool has_shared = shared_type >= 0;
constant bool has_shared_x [[function_constant(2)]];
constant bool has_residual [[function_constant(3)]];
constant int simdgroups [[function_constant(4)]];
constant int rows_per_simdgroup [[function_constant(5)]];

struct ExpertDownArgs {
  int n_tokens;
  int n_expert;
  int n_used;
  int rows;
  int cols;
  int shared_cols;
  int x_stride;
  int x_slot_stride;
  int weights_stride;
  int y_stride;
  int shared_x_stride;
  int residual_stride;
  int64_t w_row_bytes;
  int64_t w_expert_bytes;
  int64_t shared_row_bytes;
};

kernel void expert_down(device const uchar* w [[buffer(0)]],
                        device const int* ids [[buffer(1)]],
                        device const float* weights [[buffer(2)]],
                        device const float* x [[buffer(3)]],
                        device const StepState* step [[buffer(4)]],
                        device float* y [[buffer(5)]],
                        device const uchar* shared [[buffer(6), function_constant(has_shared)]],
                        device const float* shared_x [[buffer(7), function_constant(has_shared_x)]],
                        device const float* residual [[buffer(8), function_constant(has_residual)]],
                        constant ExpertDownArgs& args [[buffer(9)]],
                        uint3 group [[threadgroup_position_in_grid]],
                        uint simdgroup [[simdgroup_index_in_threadgroup]],
                        uint lane [[thread_index_in_simdgroup]]) {
  wait_for_inputs();
  uint t = group.y;
  if (t >= active_tokens(args.n_tokens, step)) return;
  uint first = (group.x * simdgroups + simdgroup) * rows_per_simdgroup;
  if (first >= uint(args.rows)) return;
  LaneSums total;
  clear(total);
  for (int j = 0; j < args.n_used; j++) {
    int expert = ids[int64_t(t) * args.n_used + j];
    if (expert < 0 || expert >= args.n_expert) continue;
    device const uchar* base = w + int64_t(expert) * args.w_expert_bytes;
    WeightRows rows = {base, args.w_row_bytes, first, uint(rows_per_simdgroup), uint(args.rows)};
    device const float* source = x + int64_t(t) * args.x_stride + int64_t(j) * args.x_slot_stride;
    Activations in = {source, nullptr, false, uint(args.cols)};
    LaneSums sums;
    clear(sums);
    add_products_of(w_type, rows, in, lane, sums);
    float share = weights[int64_t(t) * args.weights_stride + j];
    for (uint r = 0; r < uint(rows_per_simdgroup); r++) total.products[r] += share * sums.products[r];
  }
  if (has_shared) {
    WeightRows rows = {shared, args.shared_row_bytes, first, uint(rows_per_simdgroup), uint(args.rows)};
    Activations in = {shared_x + int64_t(t) * args.shared_x_stride, nullptr, false, uint(args.shared_cols)};
    add_products_of(shared_type, rows, in, lane, total);
  }
  for (uint r = 0; r < uint(rows_per_simdgroup); r++) {
    float sum = simd_sum(total.products[r]);
    uint row = first + r;
    if (lane == 0 && row < uint(args.rows)) {
      if (has_residual) sum += residual[int64_t(t) * args.residual_stride + row];
      y[int64_t(t) * args.y_stride + row] = sum;
    }
  }
}
