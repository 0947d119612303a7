// Rounding to bfloat, which clang calls by this name and which support libraries before GCC 13 lack.
#include <cstdint>

#include "../dialect/host_runtime.h"

extern "C" MSL_RT_API __bf16 __truncsfbf2(float x) {
  uint32_t bits = __builtin_bit_cast(uint32_t, x);
  bool is_nan = (bits & 0x7fffffff) > 0x7f800000;
  uint32_t rounded = is_nan ? bits | 0x400000 : bits + 0x7fff + (bits >> 16 & 1);  // to nearest, ties to even
  return __builtin_bit_cast(__bf16, static_cast<uint16_t>(rounded >> 16));
}
