// expert_gate_up: silu(gate x) * (up x) for each chosen expert of each token, with an RMSNorm folded in.
#include <metal_stdlib>
using namespace metal;
#include "matvec.h"
#include "step.h"
#include "wait.h"

constant int gate_type [[function_constant(0)]];
constant int up_type [[function_constant(1)]];
constant bool has_norm [[function_constant(2)]];
constant int simdgroups [[function_constant(3)]];
constant int rows_per_simdgroup [[function_constant(4)]];

struct ExpertGateUpArgs {
  int n_tokens;
  int n_expert;
  int n_used;
  int rows;
  int cols;
  int x_stride;
  int y_stride;
  int y_slot_stride;
  int64_t gate_row_bytes;
  int64_t gate_expert_bytes;
  int64_t up_row_bytes;
  int64_t up_expert_bytes;
  float eps;
};

kernel void expert_gate_up(device const uchar* gate [[buffer(0)]],
                           device const uchar* up [[buffer(1)]],
                           device const int* ids [[buffer(2)]],
                           device const float* x [[buffer(3)]],
                           device const float* norm [[buffer(4), function_constant(has_norm)]],
                           device const StepState* step [[buffer(5)]],
                           device float* y [[buffer(6)]],
                           constant ExpertGateUpArgs& args [[buffer(7)]],
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
  device const uchar* gate_base = gate + int64_t(expert) * args.gate_expert_bytes;
  device const uchar* up_base = up + int64_t(expert) * args.up_expert_bytes;
  WeightRows gates = {gate_base, args.gate_row_bytes, first, uint(rows_per_simdgroup), uint(args.rows)};
  WeightRows ups = {up_base, args.up_row_bytes, first, uint(rows_per_simdgroup), uint(args.rows)};
  Activations in = {x + int64_t(t) * args.x_stride, norm, has_norm, uint(args.cols)};
  LaneSums gated;
  LaneSums raised;
  clear(gated);
  clear(raised);
  add_products_of(gate_type, gates, in, lane, gated);
  add_products_of(up_type, ups, in, lane, raised);
  float scale = norm_scale(in, gated, args.eps);
  device float* target = y + int64_t(t) * args.y_stride + int64_t(j) * args.y_slot_stride;
  for (uint r = 0; r < uint(rows_per_simdgroup); r++) {
    float g = scale * simd_sum(gated.products[r]);
    float u = scale * simd_sum(raised.products[r]);
    if (lane == 0 && exists(gates, r)) target[first + r] = silu(g) * u;
  }
}
