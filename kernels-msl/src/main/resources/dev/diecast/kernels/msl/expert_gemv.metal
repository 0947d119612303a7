// expert_gemv_*: the matrix of each chosen expert, addressed by its id, times a vector.
#include <metal_stdlib>
using namespace metal;
#include "matvec.h"
#include "step.h"
#include "wait.h"

constant int simdgroups [[function_constant(0)]];
constant int rows_per_simdgroup [[function_constant(1)]];

struct ExpertGemvArgs {
  int n_tokens;
  int n_expert;
  int n_used;
  int rows;
  int cols;
  int x_stride;
  int x_slot_stride;
  int y_stride;
  int y_slot_stride;
  int64_t row_bytes;
  int64_t expert_bytes;
};

template <typename W>
kernel void expert_gemv(device const uchar* w [[buffer(0)]],
                        device const int* ids [[buffer(1)]],
                        device const float* x [[buffer(2)]],
                        device const StepState* step [[buffer(3)]],
                        device float* y [[buffer(4)]],
                        constant ExpertGemvArgs& args [[buffer(5)]],
                        uint3 group [[threadgroup_position_in_grid]],
                        uint simdgroup [[simdgroup_index_in_threadgroup]],
                        uint lane [[thread_index_in_simdgroup]]) {
  wait_for_inputs();
  uint j = group.y;
  uint t = group.z;
  if (t >= active_tokens(args.n_tokens, step)) return;
  uint first = (group.x * simdgroups + simdgroup) * rows_per_simdgroup;
  if (first >= uint(args.rows)) return;
  int expert = ids[int64_t(t) * args.n_used + j];
  if (expert < 0 || expert >= args.n_expert) return;
  device const uchar* base = w + int64_t(expert) * args.expert_bytes;
  WeightRows rows = {base, args.row_bytes, first, uint(rows_per_simdgroup), uint(args.rows)};
  device const float* source = x + int64_t(t) * args.x_stride + int64_t(j) * args.x_slot_stride;
  Activations in = {source, nullptr, false, uint(args.cols)};
  LaneSums sums;
  clear(sums);
  add_products<W>(rows, in, lane, sums);
  device float* target = y + int64_t(t) * args.y_stride + int64_t(j) * args.y_slot_stride;
  for (uint r = 0; r < uint(rows_per_simdgroup); r++) {
    float sum = simd_sum(sums.products[r]);
    if (lane == 0 && exists(rows, r)) target[first + r] = sum;
  }
}

typedef decltype(expert_gemv<F32>) expert_gemv_kernel;
template [[host_name("expert_gemv_f32")]] kernel expert_gemv_kernel expert_gemv<F32>;
template [[host_name("expert_gemv_f16")]] kernel expert_gemv_kernel expert_gemv<F16>;
template [[host_name("expert_gemv_bf16")]] kernel expert_gemv_kernel expert_gemv<BF16>;
template [[host_name("expert_gemv_q8_0")]] kernel expert_gemv_kernel expert_gemv<Q8_0>;
template [[host_name("expert_gemv_q4_0")]] kernel expert_gemv_kernel expert_gemv<Q4_0>;
template [[host_name("expert_gemv_q4_1")]] kernel expert_gemv_kernel expert_gemv<Q4_1>;
template [[host_name("expert_gemv_q5_0")]] kernel expert_gemv_kernel expert_gemv<Q5_0>;
template [[host_name("expert_gemv_q5_1")]] kernel expert_gemv_kernel expert_gemv<Q5_1>;
template [[host_name("expert_gemv_q4_k")]] kernel expert_gemv_kernel expert_gemv<Q4_K>;
template [[host_name("expert_gemv_q5_k")]] kernel expert_gemv_kernel expert_gemv<Q5_K>;
template [[host_name("expert_gemv_q6_k")]] kernel expert_gemv_kernel expert_gemv<Q6_K>;
