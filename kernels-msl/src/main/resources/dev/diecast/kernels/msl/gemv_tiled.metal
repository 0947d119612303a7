// gemv_tiled_*: one matrix times the vectors of many tokens, weights read once for 32 of them.
#include <metal_stdlib>
using namespace metal;
#include "matmul.h"
#include "step.h"
#include "wait.h"

constant bool has_bias [[function_constant(0)]];
constant bool has_residual [[function_constant(1)]];

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
kernel void gemv_tiled(device const uchar* w [[buffer(0)]],
                       device const float* x [[buffer(1)]],
                       device const StepState* step [[buffer(2)]],
                       device float* y [[buffer(3)]],
                       device const float* bias [[buffer(4), function_constant(has_bias)]],
                       device const float* residual [[buffer(5), function_constant(has_residual)]],
                       constant GemvArgs& args [[buffer(6)]],
                       uint3 group [[threadgroup_position_in_grid]],
                       uint thread_index [[thread_index_in_threadgroup]],
                       uint simdgroup [[simdgroup_index_in_threadgroup]]) {
  threadgroup float weights[TILE_VALUES];
  threadgroup float activations[TILE_VALUES];
  wait_for_inputs();
  uint tokens = active_tokens(args.n_tokens, step);
  uint first_token = TILE * group.y;
  if (first_token >= tokens) return;
  uint first = TILE * group.x;
  TileWeights rows = {w, args.row_bytes, first, uint(args.rows)};
  TileActivations in = {x, args.x_stride, first_token, tokens, nullptr, false, uint(args.cols)};
  multiply_tile<W>(rows, in, thread_index, simdgroup, weights, activations, weights);
  for (uint i = thread_index; i < TILE_VALUES; i += TILE_THREADS) {
    uint row = first + i % TILE;
    uint t = first_token + i / TILE;
    if (row < uint(args.rows) && t < tokens) {
      float sum = weights[TILE * (i % TILE) + i / TILE];
      if (has_bias) sum += bias[row];
      if (has_residual) sum += residual[int64_t(t) * args.residual_stride + row];
      y[int64_t(t) * args.y_stride + row] = sum;
    }
  }
}

typedef decltype(gemv_tiled<F32>) gemv_tiled_kernel;
template [[host_name("gemv_tiled_f32")]] kernel gemv_tiled_kernel gemv_tiled<F32>;
template [[host_name("gemv_tiled_f16")]] kernel gemv_tiled_kernel gemv_tiled<F16>;
template [[host_name("gemv_tiled_bf16")]] kernel gemv_tiled_kernel gemv_tiled<BF16>;
template [[host_name("gemv_tiled_q8_0")]] kernel gemv_tiled_kernel gemv_tiled<Q8_0>;
template [[host_name("gemv_tiled_q4_0")]] kernel gemv_tiled_kernel gemv_tiled<Q4_0>;
template [[host_name("gemv_tiled_q4_1")]] kernel gemv_tiled_kernel gemv_tiled<Q4_1>;
template [[host_name("gemv_tiled_q5_0")]] kernel gemv_tiled_kernel gemv_tiled<Q5_0>;
template [[host_name("gemv_tiled_q5_1")]] kernel gemv_tiled_kernel gemv_tiled<Q5_1>;
template [[host_name("gemv_tiled_q4_k")]] kernel gemv_tiled_kernel gemv_tiled<Q4_K>;
template [[host_name("gemv_tiled_q5_k")]] kernel gemv_tiled_kernel gemv_tiled<Q5_K>;
template [[host_name("gemv_tiled_q6_k")]] kernel gemv_tiled_kernel gemv_tiled<Q6_K>;
