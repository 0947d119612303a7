// Sums and products value by value: one thread a value, one row of threadgroups a token.
#include <metal_stdlib>
using namespace metal;
#include "step.h"
#include "wait.h"
#include "silu.h"

struct SiluMulArgs {
  int n_tokens;
  int n_slots;
  int n;
  int gate_stride;
  int gate_slot_stride;
  int up_stride;
  int up_slot_stride;
  int y_stride;
  int y_slot_stride;
};

kernel void silu_mul(device const float* gate [[buffer(0)]],
                     device const float* up [[buffer(1)]],
                     device const StepState* step [[buffer(2)]],
                     device float* y [[buffer(3)]],
                     constant SiluMulArgs& args [[buffer(4)]],
                     uint3 at [[thread_position_in_grid]]) {
  wait_for_inputs();
  if (at.z >= active_tokens(args.n_tokens, step) || at.x >= uint(args.n)) return;
  float g = gate[int64_t(at.z) * args.gate_stride + int64_t(at.y) * args.gate_slot_stride + at.x];
  float u = up[int64_t(at.z) * args.up_stride + int64_t(at.y) * args.up_slot_stride + at.x];
  y[int64_t(at.z) * args.y_stride + int64_t(at.y) * args.y_slot_stride + at.x] = silu(g) * u;
}

struct AddArgs {
  int n_tokens;
  int n;
  int a_stride;
  int b_stride;
  int y_stride;
};

kernel void add(device const float* a [[buffer(0)]],
                device const float* b [[buffer(1)]],
                device const StepState* step [[buffer(2)]],
                device float* y [[buffer(3)]],
                constant AddArgs& args [[buffer(4)]],
                uint2 at [[thread_position_in_grid]]) {
  wait_for_inputs();
  if (at.y >= active_tokens(args.n_tokens, step) || at.x >= uint(args.n)) return;
  float sum = a[int64_t(at.y) * args.a_stride + at.x] + b[int64_t(at.y) * args.b_stride + at.x];
  y[int64_t(at.y) * args.y_stride + at.x] = sum;
}

struct AddBiasArgs {
  int n_tokens;
  int n;
  int x_stride;
  int y_stride;
};

kernel void add_bias(device const float* x [[buffer(0)]],
                     device const float* bias [[buffer(1)]],
                     device const StepState* step [[buffer(2)]],
                     device float* y [[buffer(3)]],
                     constant AddBiasArgs& args [[buffer(4)]],
                     uint2 at [[thread_position_in_grid]]) {
  wait_for_inputs();
  if (at.y >= active_tokens(args.n_tokens, step) || at.x >= uint(args.n)) return;
  y[int64_t(at.y) * args.y_stride + at.x] = x[int64_t(at.y) * args.x_stride + at.x] + bias[at.x];
}
