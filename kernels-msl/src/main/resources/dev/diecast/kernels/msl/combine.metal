// The weighted sum of the experts' results.
#include <metal_stdlib>
using namespace metal;
#include "step.h"
#include "wait.h"

constant bool has_residual [[function_constant(0)]];
constant bool has_shared [[function_constant(1)]];

struct ExpertCombineArgs {
  int n_tokens;
  int n_used;
  int n;
  int x_stride;
  int x_slot_stride;
  int weights_stride;
  int y_stride;
  int residual_stride;
  int shared_stride;
};

kernel void expert_combine(device const float* x [[buffer(0)]],
                           device const float* weights [[buffer(1)]],
                           device const StepState* step [[buffer(2)]],
                           device float* y [[buffer(3)]],
                           device const float* residual [[buffer(4), function_constant(has_residual)]],
                           device const float* shared [[buffer(5), function_constant(has_shared)]],
                           constant ExpertCombineArgs& args [[buffer(6)]],
                           uint2 at [[thread_position_in_grid]]) {
  wait_for_inputs();
  uint t = at.y;
  uint i = at.x;
  if (t >= active_tokens(args.n_tokens, step) || i >= uint(args.n)) return;
  float sum = 0.0f;
  if (has_residual) sum += residual[int64_t(t) * args.residual_stride + i];
  if (has_shared) sum += shared[int64_t(t) * args.shared_stride + i];
  for (uint j = 0; j < uint(args.n_used); j++) {
    float weight = weights[int64_t(t) * args.weights_stride + j];
    sum = fma(weight, x[int64_t(t) * args.x_stride + int64_t(j) * args.x_slot_stride + i], sum);
  }
  y[int64_t(t) * args.y_stride + i] = sum;
}
