// The end of a step.
#include <metal_stdlib>
using namespace metal;
#include "step.h"
#include "wait.h"

struct AdvanceArgs {
  int n_tokens;
  int ring_size;
};

kernel void advance(device StepState* step [[buffer(0)]],
                    device int* ring [[buffer(1)]],
                    constant AdvanceArgs& args [[buffer(2)]],
                    uint i [[thread_position_in_grid]]) {
  wait_for_inputs();
  if (i != 0) return;
  step->position += int(active_tokens(args.n_tokens, step));
  if (step->emit != 1) return;
  int token = step->sampled;
  uint64_t emitted = uint64_t(step->emitted);
  step->token = token;
  ring[emitted % uint64_t(args.ring_size)] = token;
  step->emitted = int64_t(emitted + 1);
}
