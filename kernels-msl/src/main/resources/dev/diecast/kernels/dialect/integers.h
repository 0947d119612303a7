// Integer functions of <metal_integer>.
#pragma once
#include "elementwise.h"

namespace msl {
namespace metal {

#ifdef MSL_CUDA
MSL_FN uint popcount(uint x) { return ::__popc(x); }
MSL_FN uint clz(uint x) { return ::__clz(x); }
MSL_FN uint ctz(uint x) { return ::__clz(::__brev(x)); }
MSL_FN uint reverse_bits(uint x) { return ::__brev(x); }
MSL_FN int mulhi(int a, int b) { return ::__mulhi(a, b); }
MSL_FN uint mulhi(uint a, uint b) { return ::__umulhi(a, b); }
#else
MSL_FN uint popcount(uint x) { return __builtin_popcount(x); }
MSL_FN uint popcount(ulong x) { return __builtin_popcountl(x); }
MSL_FN uint clz(uint x) { return x ? __builtin_clz(x) : 32; }
MSL_FN uint ctz(uint x) { return x ? __builtin_ctz(x) : 32; }
MSL_FN uint reverse_bits(uint x) { return __builtin_bitreverse32(x); }
MSL_FN int mulhi(int a, int b) { return (int)(((long)a * b) >> 32); }
MSL_FN uint mulhi(uint a, uint b) { return (uint)(((ulong)a * b) >> 32); }
#endif

MSL_FN uint extract_bits(uint x, uint offset, uint bits) {
  return bits == 0 ? 0 : (x >> offset) & (0xffffffffu >> (32 - bits));
}
MSL_FN uint rotate(uint x, uint bits) { return x << (bits & 31) | x >> ((32 - bits) & 31); }

}  // namespace metal
}  // namespace msl
