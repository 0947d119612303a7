// embed_*: rows of a table of weights.
#include <metal_stdlib>
using namespace metal;
#include "formats.h"
#include "step.h"
#include "wait.h"

struct EmbedArgs {
  int n_tokens;
  int n_vocab;
  int cols;
  int y_stride;
  int64_t row_bytes;
};

// A thread decodes eight values. A token outside the vocabulary yields zeros.
template <typename W>
kernel void embed(device const uchar* w [[buffer(0)]],
                  device const int* tokens [[buffer(1)]],
                  device const StepState* step [[buffer(2)]],
                  device float* y [[buffer(3)]],
                  constant EmbedArgs& args [[buffer(4)]],
                  uint2 at [[thread_position_in_grid]]) {
  wait_for_inputs();
  uint first = 8 * at.x;
  if (at.y >= active_tokens(args.n_tokens, step) || first >= uint(args.cols)) return;
  int token = tokens[at.y];
  bool known = token >= 0 && token < args.n_vocab;
  device const uchar* row = w + (known ? int64_t(token) * args.row_bytes : 0);
  uint count = min(8u, uint(args.cols) - first);
  float values[8];
  if (count == 8) {
    W::decode8(row, first, values);
  } else {
    for (uint i = 0; i < count; i++) values[i] = W::value(row, first + i);
  }
  device float* out = y + int64_t(at.y) * args.y_stride + first;
  for (uint i = 0; i < count; i++) out[i] = known ? values[i] : 0.0f;
}

typedef decltype(embed<F32>) embed_kernel;
template [[host_name("embed_f32")]] kernel embed_kernel embed<F32>;
template [[host_name("embed_f16")]] kernel embed_kernel embed<F16>;
template [[host_name("embed_bf16")]] kernel embed_kernel embed<BF16>;
template [[host_name("embed_q8_0")]] kernel embed_kernel embed<Q8_0>;
template [[host_name("embed_q4_0")]] kernel embed_kernel embed<Q4_0>;
template [[host_name("embed_q4_1")]] kernel embed_kernel embed<Q4_1>;
template [[host_name("embed_q5_0")]] kernel embed_kernel embed<Q5_0>;
template [[host_name("embed_q5_1")]] kernel embed_kernel embed<Q5_1>;
template [[host_name("embed_q4_k")]] kernel embed_kernel embed<Q4_K>;
template [[host_name("embed_q5_k")]] kernel embed_kernel embed<Q5_K>;
template [[host_name("embed_q6_k")]] kernel embed_kernel embed<Q6_K>;
