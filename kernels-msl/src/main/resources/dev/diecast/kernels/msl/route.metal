// The choice of experts: a simdgroup a token, each lane with every 32nd expert in registers.
#include <metal_stdlib>
using namespace metal;
#include "order.h"
#include "step.h"
#include "wait.h"

constant bool has_bias [[function_constant(0)]];

enum { EXPERTS_PER_LANE = 16, SOFTMAX = 1 };

struct RouteArgs {
  int n_tokens;
  int n_expert;
  int n_used;
  int gating;
  int norm;
  int logits_stride;
  int ids_stride;
  int weights_stride;
  float weight_scale;
};

kernel void route(device const float* logits [[buffer(0)]],
                  device const StepState* step [[buffer(1)]],
                  device int* ids [[buffer(2)]],
                  device float* weights [[buffer(3)]],
                  device const float* bias [[buffer(4), function_constant(has_bias)]],
                  constant RouteArgs& args [[buffer(5)]],
                  uint t [[threadgroup_position_in_grid]],
                  uint lane [[thread_index_in_simdgroup]]) {
  wait_for_inputs();
  if (t >= active_tokens(args.n_tokens, step)) return;
  uint experts = uint(args.n_expert);
  bool softmax = args.gating == SOFTMAX;
  device const float* logit = logits + int64_t(t) * args.logits_stride;
  float p[EXPERTS_PER_LANE];
  uint rank[EXPERTS_PER_LANE];  // 0: none, or taken
  float most = -FLT_MAX;
  for (uint i = 0; i < EXPERTS_PER_LANE; i++) {
    uint e = lane + 32 * i;
    p[i] = e < experts ? logit[e] : -FLT_MAX;
    // Without a bias, probabilities have the order of the logits, which no rounding has touched.
    rank[i] = e < experts ? ordered(p[i]) : 0;
    most = max(most, p[i]);
  }
  most = simd_max(most);
  float total = 0.0f;
  for (uint i = 0; i < EXPERTS_PER_LANE; i++) {
    if (lane + 32 * i >= experts) continue;
    p[i] = softmax ? exp(p[i] - most) : 1.0f / (1.0f + exp(-p[i]));
    total += p[i];
  }
  total = simd_sum(total);
  for (uint i = 0; i < EXPERTS_PER_LANE; i++) {
    uint e = lane + 32 * i;
    if (softmax) p[i] /= total;
    if (has_bias && e < experts) rank[i] = ordered(p[i] + bias[e]);
  }
  float sum = 0.0f;
  for (uint j = 0; j < uint(args.n_used); j++) {
    uint best = 0;
    uint own = 0;
    for (uint i = 0; i < EXPERTS_PER_LANE; i++) {
      if (rank[i] > best) {
        best = rank[i];
        own = i;
      }
    }
    uint highest = simd_max(best);
    uint expert = simd_min(best == highest ? lane + 32 * own : 0xffffffffu);
    float chosen = 0.0f;
    for (uint i = 0; i < EXPERTS_PER_LANE; i++) {
      if (lane + 32 * i == expert) {
        chosen = p[i];
        rank[i] = 0;
      }
    }
    chosen = simd_broadcast(chosen, ushort(expert % 32));
    sum += chosen;
    if (lane == 0) {
      ids[int64_t(t) * args.ids_stride + j] = int(expert);
      weights[int64_t(t) * args.weights_stride + j] = chosen;
    }
  }
  simdgroup_barrier(mem_flags::mem_device);
  float factor = args.norm == 1 ? args.weight_scale / max(sum, 6.103515625e-5f) : args.weight_scale;
  for (uint j = lane; j < uint(args.n_used); j += 32) {
    weights[int64_t(t) * args.weights_stride + j] *= factor;
  }
}
