// Barriers between threads, and the marker between weights and inputs.
#pragma once
#include "integers.h"

namespace msl {
namespace metal {

enum class mem_flags : uint { mem_none = 0, mem_device = 1, mem_threadgroup = 2, mem_texture = 4 };
MSL_FN constexpr mem_flags operator|(mem_flags a, mem_flags b) { return mem_flags((uint)a | (uint)b); }

#ifdef MSL_CUDA
MSL_FN void threadgroup_barrier(mem_flags flags) {
  if ((uint)flags & (uint)mem_flags::mem_device) __threadfence();
  __syncthreads();
}
MSL_FN void simdgroup_barrier(mem_flags) { __syncwarp(); }
#else
MSL_FN void threadgroup_barrier(mem_flags flags) { msl_rt::barrier((unsigned)flags); }
MSL_FN void simdgroup_barrier(mem_flags flags) { msl_rt::simd_barrier((unsigned)flags); }
#endif

}  // namespace metal

/**
 * Everything above this call reads only what no earlier dispatch of the step writes (weights), so it may run while
 * that dispatch still does. On Metal and on the host dispatches never overlap, and the call does nothing.
 */
#ifdef MSL_CUDA
MSL_FN void wait_for_inputs() { asm volatile("griddepcontrol.wait;" ::: "memory"); }
#else
MSL_FN void wait_for_inputs() {}
#endif
#define DIECAST_HAS_WAIT_FOR_INPUTS 1

}  // namespace msl
