// The angles of a step, and heads turned by them.
#include <metal_stdlib>
using namespace metal;
#include "angle.h"
#include "rope.h"
#include "step.h"
#include "wait.h"

struct RopeAnglesArgs {
  int n_tokens;
  int n_rot;
  float magnitude;
};

kernel void rope_angles(device const uint2* inv_freq [[buffer(0)]],
                        device const StepState* step [[buffer(1)]],
                        device float* y [[buffer(2)]],
                        constant RopeAnglesArgs& args [[buffer(3)]],
                        uint2 at [[thread_position_in_grid]]) {
  wait_for_inputs();
  uint pairs = uint(args.n_rot) / 2;
  if (at.y >= active_tokens(args.n_tokens, step) || at.x >= pairs) return;
  uint2 bits = inv_freq[at.x];
  uint64_t turns = turns_of(uint64_t(bits.y) << 32 | bits.x) * uint64_t(step->position + int(at.y));
  float2 turn = cosine_and_sine(turns) * args.magnitude;
  int64_t out = 2 * (int64_t(at.y) * pairs + at.x);
  y[out] = turn.x;
  y[out + 1] = turn.y;
}

struct RopeArgs {
  int n_tokens;
  int heads;
  int n;
  int n_rot;
  int neox;
  int x_stride;
  int x_head_stride;
  int y_stride;
  int y_head_stride;
};

// A thread takes a pair, or one of the values that are only copied. It reads what it writes and nothing else.
kernel void rope(device const float* x [[buffer(0)]],
                 device const float* angles [[buffer(1)]],
                 device const StepState* step [[buffer(2)]],
                 device float* y [[buffer(3)]],
                 constant RopeArgs& args [[buffer(4)]],
                 uint3 at [[thread_position_in_grid]]) {
  wait_for_inputs();
  uint pairs = uint(args.n_rot) / 2;
  if (at.z >= active_tokens(args.n_tokens, step) || at.x >= uint(args.n) - pairs) return;
  device const float* in = x + int64_t(at.z) * args.x_stride + int64_t(at.y) * args.x_head_stride;
  device float* out = y + int64_t(at.z) * args.y_stride + int64_t(at.y) * args.y_head_stride;
  if (at.x >= pairs) {
    uint i = at.x + pairs;
    out[i] = in[i];
    return;
  }
  uint first = first_of_pair(at.x, args.neox == 1);
  uint second = second_of_pair(at.x, pairs, args.neox == 1);
  device const float* angle = angles + 2 * (int64_t(at.z) * pairs + at.x);
  float2 result = turned(in[first], in[second], angle[0], angle[1]);
  out[first] = result.x;
  out[second] = result.y;
}
