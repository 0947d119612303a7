// head_gemv_*: a matrix for each head times the vector of that head.
#include <metal_stdlib>
using namespace metal;
#include "matvec.h"
#include "step.h"
#include "wait.h"

constant int simdgroups [[function_constant(0)]];
constant int rows_per_simdgroup [[function_constant(1)]];

struct HeadGemvArgs {
  int n_tokens;
  int heads;
  int rows;
  int cols;
  int x_stride;
  int x_head_stride;
  int y_stride;
  int y_head_stride;
  int64_t row_bytes;
  int64_t head_bytes;
};

template <typename W>
kernel void head_gemv(device const uchar* w [[buffer(0)]],
                      device const float* x [[buffer(1)]],
                      device const StepState* step [[buffer(2)]],
                      device float* y [[buffer(3)]],
                      constant HeadGemvArgs& args [[buffer(4)]],
                      uint3 group [[threadgroup_position_in_grid]],
                      uint simdgroup [[simdgroup_index_in_threadgroup]],
                      uint lane [[thread_index_in_simdgroup]]) {
  wait_for_inputs();
  uint h = group.y;
  uint t = group.z;
  if (t >= active_tokens(args.n_tokens, step)) return;
  uint first = (group.x * simdgroups + simdgroup) * rows_per_simdgroup;
  if (first >= uint(args.rows)) return;
  device const uchar* head = w + int64_t(h) * args.head_bytes;
  WeightRows rows = {head, args.row_bytes, first, uint(rows_per_simdgroup), uint(args.rows)};
  device const float* source = x + int64_t(t) * args.x_stride + int64_t(h) * args.x_head_stride;
  Activations in = {source, nullptr, false, uint(args.cols)};
  LaneSums sums;
  clear(sums);
  add_products<W>(rows, in, lane, sums);
  device float* target = y + int64_t(t) * args.y_stride + int64_t(h) * args.y_head_stride;
  for (uint r = 0; r < uint(rows_per_simdgroup); r++) {
    float sum = simd_sum(sums.products[r]);
    if (lane == 0 && exists(rows, r)) target[first + r] = sum;
  }
}

typedef decltype(head_gemv<F32>) head_gemv_kernel;
template [[host_name("head_gemv_f32")]] kernel head_gemv_kernel head_gemv<F32>;
template [[host_name("head_gemv_f16")]] kernel head_gemv_kernel head_gemv<F16>;
template [[host_name("head_gemv_bf16")]] kernel head_gemv_kernel head_gemv<BF16>;
template [[host_name("head_gemv_q8_0")]] kernel head_gemv_kernel head_gemv<Q8_0>;
template [[host_name("head_gemv_q4_0")]] kernel head_gemv_kernel head_gemv<Q4_0>;
template [[host_name("head_gemv_q4_1")]] kernel head_gemv_kernel head_gemv<Q4_1>;
template [[host_name("head_gemv_q5_0")]] kernel head_gemv_kernel head_gemv<Q5_0>;
template [[host_name("head_gemv_q5_1")]] kernel head_gemv_kernel head_gemv<Q5_1>;
template [[host_name("head_gemv_q4_k")]] kernel head_gemv_kernel head_gemv<Q4_K>;
template [[host_name("head_gemv_q5_k")]] kernel head_gemv_kernel head_gemv<Q5_K>;
template [[host_name("head_gemv_q6_k")]] kernel head_gemv_kernel head_gemv<Q6_K>;
