// gemv_*: one matrix times one vector a token.
#include <metal_stdlib>
using namespace metal;
#include "matvec.h"
#include "step.h"
#include "wait.h"

constant bool has_bias [[function_constant(0)]];
constant bool has_residual [[function_constant(1)]];
constant int simdgroups [[function_constant(2)]];
constant int rows_per_simdgroup [[function_constant(3)]];

struct GemvArgs {
  int n_tokens;
  int rows;
  int cols;
  int x_stride;
  int y_stride;
  int residual_stride;
  int64_t row_bytes;
};

template <typename W>
kernel void gemv(device const uchar* w [[buffer(0)]],
                 device const float* x [[buffer(1)]],
                 device const StepState* step [[buffer(2)]],
                 device float* y [[buffer(3)]],
                 device const float* bias [[buffer(4), function_constant(has_bias)]],
                 device const float* residual [[buffer(5), function_constant(has_residual)]],
                 constant GemvArgs& args [[buffer(6)]],
                 uint3 group [[threadgroup_position_in_grid]],
                 uint simdgroup [[simdgroup_index_in_threadgroup]],
                 uint lane [[thread_index_in_simdgroup]]) {
  wait_for_inputs();
  uint t = group.y;
  if (t >= active_tokens(args.n_tokens, step)) return;
  uint first = (group.x * simdgroups + simdgroup) * rows_per_simdgroup;
  if (first >= uint(args.rows)) return;
  WeightRows rows = {w, args.row_bytes, first, uint(rows_per_simdgroup), uint(args.rows)};
  Activations in = {x + int64_t(t) * args.x_stride, nullptr, false, uint(args.cols)};
  LaneSums sums;
  clear(sums);
  add_products<W>(rows, in, lane, sums);
  for (uint r = 0; r < uint(rows_per_simdgroup); r++) {
    float sum = simd_sum(sums.products[r]);
    uint row = first + r;
    if (lane == 0 && row < uint(args.rows)) {
      if (has_bias) sum += bias[row];
      if (has_residual) sum += residual[int64_t(t) * args.residual_stride + row];
      y[int64_t(t) * args.y_stride + row] = sum;
    }
  }
}

typedef decltype(gemv<F32>) gemv_kernel;
template [[host_name("gemv_f32")]] kernel gemv_kernel gemv<F32>;
template [[host_name("gemv_f16")]] kernel gemv_kernel gemv<F16>;
template [[host_name("gemv_bf16")]] kernel gemv_kernel gemv<BF16>;
template [[host_name("gemv_q8_0")]] kernel gemv_kernel gemv<Q8_0>;
template [[host_name("gemv_q4_0")]] kernel gemv_kernel gemv<Q4_0>;
template [[host_name("gemv_q4_1")]] kernel gemv_kernel gemv<Q4_1>;
template [[host_name("gemv_q5_0")]] kernel gemv_kernel gemv<Q5_0>;
template [[host_name("gemv_q5_1")]] kernel gemv_kernel gemv<Q5_1>;
template [[host_name("gemv_q4_k")]] kernel gemv_kernel gemv<Q4_K>;
template [[host_name("gemv_q5_k")]] kernel gemv_kernel gemv<Q5_K>;
template [[host_name("gemv_q6_k")]] kernel gemv_kernel gemv<Q6_K>;
