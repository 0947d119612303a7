// head_gemv_t_*: the transposed matrix of each head times the vector of that head. The stored rows are summed with
// the activations as weights: a simdgroup has eight columns, and its lanes take the rows in turn.
#include <metal_stdlib>
using namespace metal;
#include "matvec.h"
#include "step.h"
#include "wait.h"

constant int simdgroups [[function_constant(0)]];

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

// Values k to k + 7 of a row, 0 behind its end.
template <typename W>
inline void decode8_until(device const uchar* row, uint k, uint end, thread float* v) {
  if (W::ragged && k + 8 > end) {
    for (uint i = 0; i < 8; i++) v[i] = k + i < end ? W::value(row, k + i) : 0.0f;
  } else {
    W::decode8(row, k, v);
  }
}

template <typename W>
kernel void head_gemv_t(device const uchar* w [[buffer(0)]],
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
  uint first = (group.x * simdgroups + simdgroup) * 8;
  if (first >= uint(args.cols)) return;
  device const uchar* head = w + int64_t(h) * args.head_bytes;
  device const float* source = x + int64_t(t) * args.x_stride + int64_t(h) * args.x_head_stride;
  float sums[8] = {0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f};
  for (uint r = lane; r < uint(args.rows); r += 32) {
    float v[8];
    decode8_until<W>(head + int64_t(r) * args.row_bytes, first, uint(args.cols), v);
    for (uint i = 0; i < 8; i++) sums[i] += v[i] * source[r];
  }
  device float* target = y + int64_t(t) * args.y_stride + int64_t(h) * args.y_head_stride;
  for (uint i = 0; i < 8; i++) {
    float sum = simd_sum(sums[i]);
    if (lane == i && first + i < uint(args.cols)) target[first + i] = sum;
  }
}

typedef decltype(head_gemv_t<F32>) head_gemv_t_kernel;
template [[host_name("head_gemv_t_f32")]] kernel head_gemv_t_kernel head_gemv_t<F32>;
template [[host_name("head_gemv_t_f16")]] kernel head_gemv_t_kernel head_gemv_t<F16>;
template [[host_name("head_gemv_t_bf16")]] kernel head_gemv_t_kernel head_gemv_t<BF16>;
template [[host_name("head_gemv_t_q8_0")]] kernel head_gemv_t_kernel head_gemv_t<Q8_0>;
template [[host_name("head_gemv_t_q4_0")]] kernel head_gemv_t_kernel head_gemv_t<Q4_0>;
template [[host_name("head_gemv_t_q4_1")]] kernel head_gemv_t_kernel head_gemv_t<Q4_1>;
template [[host_name("head_gemv_t_q5_0")]] kernel head_gemv_t_kernel head_gemv_t<Q5_0>;
template [[host_name("head_gemv_t_q5_1")]] kernel head_gemv_t_kernel head_gemv_t<Q5_1>;
template [[host_name("head_gemv_t_q4_k")]] kernel head_gemv_t_kernel head_gemv_t<Q4_K>;
template [[host_name("head_gemv_t_q5_k")]] kernel head_gemv_t_kernel head_gemv_t<Q5_K>;
template [[host_name("head_gemv_t_q6_k")]] kernel head_gemv_t_kernel head_gemv_t<Q6_K>;
