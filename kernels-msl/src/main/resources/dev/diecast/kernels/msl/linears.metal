// linears: up to four matrices, or pairs of gate and up, that read one vector; an RMSNorm of that vector folded in,
// bias and residual added. Threadgroups along x belong to the segments in order.
#include <metal_stdlib>
using namespace metal;
#include "matvec.h"
#include "step.h"
#include "wait.h"

constant int w_0_type [[function_constant(0)]];
constant int up_0_type [[function_constant(1)]];
constant int w_1_type [[function_constant(2)]];
constant int up_1_type [[function_constant(3)]];
constant int w_2_type [[function_constant(4)]];
constant int up_2_type [[function_constant(5)]];
constant int w_3_type [[function_constant(6)]];
constant int up_3_type [[function_constant(7)]];
constant bool has_up_0 = up_0_type >= 0;
constant bool has_w_1 = w_1_type >= 0;
constant bool has_up_1 = up_1_type >= 0;
constant bool has_w_2 = w_2_type >= 0;
constant bool has_up_2 = up_2_type >= 0;
constant bool has_w_3 = w_3_type >= 0;
constant bool has_up_3 = up_3_type >= 0;
constant bool has_norm [[function_constant(8)]];
constant bool has_bias_0 [[function_constant(9)]];
constant bool has_residual_0 [[function_constant(10)]];
constant bool has_bias_1 [[function_constant(11)]];
constant bool has_residual_1 [[function_constant(12)]];
constant bool has_y_1 [[function_constant(13)]];
constant bool has_bias_2 [[function_constant(14)]];
constant bool has_residual_2 [[function_constant(15)]];
constant bool has_y_2 [[function_constant(16)]];
constant bool has_bias_3 [[function_constant(17)]];
constant bool has_residual_3 [[function_constant(18)]];
constant bool has_y_3 [[function_constant(19)]];
constant int simdgroups [[function_constant(20)]];
constant int rows_per_simdgroup [[function_constant(21)]];

struct LinearsArgs {
  int n_tokens;
  int cols;
  int x_stride;
  int last_only;
  int rows_0;
  int y_0_stride;
  int residual_0_stride;
  int rows_1;
  int y_1_stride;
  int residual_1_stride;
  int rows_2;
  int y_2_stride;
  int residual_2_stride;
  int rows_3;
  int y_3_stride;
  int residual_3_stride;
  int64_t w_0_row_bytes;
  int64_t up_0_row_bytes;
  int64_t w_1_row_bytes;
  int64_t up_1_row_bytes;
  int64_t w_2_row_bytes;
  int64_t up_2_row_bytes;
  int64_t w_3_row_bytes;
  int64_t up_3_row_bytes;
  float eps;
};

struct Segment {
  device const uchar* w;
  int64_t w_row_bytes;
  int w_type;
  device const uchar* up;
  int64_t up_row_bytes;
  int up_type;
  device const float* bias;
  bool has_bias;
  device const float* residual;
  bool has_residual;
  int residual_stride;
  device float* y;
  int y_stride;
  uint rows;
};

inline uint groups_of(int rows) {
  int per = simdgroups * rows_per_simdgroup;
  return uint((rows + per - 1) / per);
}

// The rows of one simdgroup: token t of the operands, to row `to` of the result.
inline void compute(Segment s, Activations in, float eps, uint part, uint lane, uint t, uint to) {
  uint first = part * rows_per_simdgroup;
  if (first >= s.rows) return;
  WeightRows rows = {s.w, s.w_row_bytes, first, uint(rows_per_simdgroup), s.rows};
  LaneSums sums;
  clear(sums);
  add_products_of(s.w_type, rows, in, lane, sums);
  LaneSums raised;
  clear(raised);
  if (s.up_type >= 0) {
    WeightRows ups = {s.up, s.up_row_bytes, first, uint(rows_per_simdgroup), s.rows};
    add_products_of(s.up_type, ups, in, lane, raised);
  }
  float scale = norm_scale(in, sums, eps);
  for (uint r = 0; r < uint(rows_per_simdgroup); r++) {
    float sum = scale * simd_sum(sums.products[r]);
    if (s.up_type >= 0) sum = silu(sum) * (scale * simd_sum(raised.products[r]));
    uint row = first + r;
    if (lane == 0 && row < s.rows) {
      if (s.has_bias) sum += s.bias[row];
      if (s.has_residual) sum += s.residual[int64_t(t) * s.residual_stride + row];
      s.y[int64_t(to) * s.y_stride + row] = sum;
    }
  }
}

kernel void linears(device const float* x [[buffer(0)]],
                    device const float* norm [[buffer(1), function_constant(has_norm)]],
                    device const StepState* step [[buffer(2)]],
                    device const uchar* w_0 [[buffer(3)]],
                    device const uchar* up_0 [[buffer(4), function_constant(has_up_0)]],
                    device const float* bias_0 [[buffer(5), function_constant(has_bias_0)]],
                    device const float* residual_0 [[buffer(6), function_constant(has_residual_0)]],
                    device float* y_0 [[buffer(7)]],
                    device const uchar* w_1 [[buffer(8), function_constant(has_w_1)]],
                    device const uchar* up_1 [[buffer(9), function_constant(has_up_1)]],
                    device const float* bias_1 [[buffer(10), function_constant(has_bias_1)]],
                    device const float* residual_1 [[buffer(11), function_constant(has_residual_1)]],
                    device float* y_1 [[buffer(12), function_constant(has_y_1)]],
                    device const uchar* w_2 [[buffer(13), function_constant(has_w_2)]],
                    device const uchar* up_2 [[buffer(14), function_constant(has_up_2)]],
                    device const float* bias_2 [[buffer(15), function_constant(has_bias_2)]],
                    device const float* residual_2 [[buffer(16), function_constant(has_residual_2)]],
                    device float* y_2 [[buffer(17), function_constant(has_y_2)]],
                    device const uchar* w_3 [[buffer(18), function_constant(has_w_3)]],
                    device const uchar* up_3 [[buffer(19), function_constant(has_up_3)]],
                    device const float* bias_3 [[buffer(20), function_constant(has_bias_3)]],
                    device const float* residual_3 [[buffer(21), function_constant(has_residual_3)]],
                    device float* y_3 [[buffer(22), function_constant(has_y_3)]],
                    constant LinearsArgs& args [[buffer(23)]],
                    uint3 group [[threadgroup_position_in_grid]],
                    uint simdgroup [[simdgroup_index_in_threadgroup]],
                    uint lane [[thread_index_in_simdgroup]]) {
  wait_for_inputs();
  uint tokens = active_tokens(args.n_tokens, step);
  if (group.y >= tokens) return;
  uint t = args.last_only == 1 ? tokens - 1 : group.y;
  uint row = args.last_only == 1 ? 0 : t;
  Activations in = {x + int64_t(t) * args.x_stride, norm, has_norm, uint(args.cols)};
  uint g = group.x;
  uint groups = groups_of(args.rows_0);
  if (g < groups) {
    Segment segment = {w_0, args.w_0_row_bytes, w_0_type, up_0, args.up_0_row_bytes, up_0_type,
                     bias_0, has_bias_0, residual_0, has_residual_0, args.residual_0_stride,
                     y_0, args.y_0_stride, uint(args.rows_0)};
    compute(segment, in, args.eps, g * simdgroups + simdgroup, lane, t, row);
    return;
  }
  if (has_w_1) {
    g -= groups;
    groups = groups_of(args.rows_1);
    if (g < groups) {
      Segment segment = {w_1, args.w_1_row_bytes, w_1_type, up_1, args.up_1_row_bytes, up_1_type,
                         bias_1, has_bias_1, residual_1, has_residual_1, args.residual_1_stride,
                         y_1, args.y_1_stride, uint(args.rows_1)};
      compute(segment, in, args.eps, g * simdgroups + simdgroup, lane, t, row);
      return;
    }
  }
  if (has_w_2) {
    g -= groups;
    groups = groups_of(args.rows_2);
    if (g < groups) {
      Segment segment = {w_2, args.w_2_row_bytes, w_2_type, up_2, args.up_2_row_bytes, up_2_type,
                         bias_2, has_bias_2, residual_2, has_residual_2, args.residual_2_stride,
                         y_2, args.y_2_stride, uint(args.rows_2)};
      compute(segment, in, args.eps, g * simdgroups + simdgroup, lane, t, row);
      return;
    }
  }
  if (has_w_3) {
    g -= groups;
    groups = groups_of(args.rows_3);
    if (g < groups) {
      Segment segment = {w_3, args.w_3_row_bytes, w_3_type, up_3, args.up_3_row_bytes, up_3_type,
                         bias_3, has_bias_3, residual_3, has_residual_3, args.residual_3_stride,
                         y_3, args.y_3_stride, uint(args.rows_3)};
      compute(segment, in, args.eps, g * simdgroups + simdgroup, lane, t, row);
      return;
    }
  }
}
