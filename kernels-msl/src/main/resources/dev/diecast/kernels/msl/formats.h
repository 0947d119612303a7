// Weight formats, as GGUF stores them. A format W offers
//   W::unit                  values that one lane multiplies at a time, 16 or 32
//   W::at(u, g)              the place in its row of the g-th four values of unit u
//   W::dot(row, u, x, wide)  the product of unit u with x, the activations at these places
//   W::decode8(row, k, y)    values k to k + 7, for k a multiple of 8
//   W::ragged                whether rows may end within a unit; then W::value(row, k) is the k-th
// GGUF aligns tensors to 32 bytes at least; how rows are aligned follows from the format.
#include "formats_float.h"
#include "formats_blocks.h"
#include "formats_k.h"

// GGUF's numbers of the formats, as the constants NAME_type state them.
enum WeightType {
  TYPE_F32 = 0,
  TYPE_F16 = 1,
  TYPE_Q4_0 = 2,
  TYPE_Q4_1 = 3,
  TYPE_Q5_0 = 6,
  TYPE_Q5_1 = 7,
  TYPE_Q8_0 = 8,
  TYPE_Q4_K = 12,
  TYPE_Q5_K = 13,
  TYPE_Q6_K = 14,
  TYPE_BF16 = 30
};
