// Grid positions, and the names under which translated text asks for them.
#pragma once
#include "traits.h"

namespace msl {

/** A grid position as whatever type the kernel declares its argument with. */
struct any_id {
  uint x, y, z;
  template <class T, class = typename trait::when<trait::is_builtin<T>::v>::type> MSL_FN operator T() const {
    return T(x);
  }
  template <class T> MSL_FN operator vec<T, 2>() const { return vec<T, 2>(T(x), T(y)); }
  template <class T> MSL_FN operator vec<T, 3>() const { return vec<T, 3>(T(x), T(y), T(z)); }
};

#ifdef MSL_CUDA
/** Four products of signed bytes, added to c. */
#define MSL_HAVE_DOT4_I8 1
MSL_FN int dot4_i8(uint a, uint b, int c) { return __dp4a((int)a, (int)b, c); }
#endif

}  // namespace msl

#define METAL_FUNC inline
#define METAL_CONST const

#ifdef MSL_CUDA
#define MSL_TG __shared__
#define MSL_TG_REG(variable)
#define MSL_KERNEL_FN static __device__ __forceinline__
#define MSL_PROGRAM_CONSTANT static __device__ const
#define MSL_FUNCTION_CONSTANT(type, name, id) static constexpr type name = (type)(MSL_FC_##id);
#define MSL_TGPIG any_id{blockIdx.x, blockIdx.y, blockIdx.z}
#define MSL_TPITG any_id{threadIdx.x, threadIdx.y, threadIdx.z}
#define MSL_TPTG any_id{blockDim.x, blockDim.y, blockDim.z}
#define MSL_TGPG any_id{gridDim.x, gridDim.y, gridDim.z}
#define MSL_LINEAR (threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z))
#define MSL_COUNT (blockDim.x * blockDim.y * blockDim.z)
#define MSL_TPIG                                                                                  \
  any_id {                                                                                        \
    blockIdx.x* blockDim.x + threadIdx.x, blockIdx.y* blockDim.y + threadIdx.y,                   \
        blockIdx.z* blockDim.z + threadIdx.z                                                      \
  }
#define MSL_TPG any_id{gridDim.x * blockDim.x, gridDim.y * blockDim.y, gridDim.z * blockDim.z}
#else
#define MSL_KERNEL_FN static
#define MSL_PROGRAM_CONSTANT static const
#define MSL_FUNCTION_CONSTANT(type, name, id) static const type name = (type)(MSL_FC_##id);
#define MSL_HERE(field) any_id{msl_rt::here().field[0], msl_rt::here().field[1], msl_rt::here().field[2]}
#define MSL_TGPIG MSL_HERE(group)
#define MSL_TPITG MSL_HERE(local)
#define MSL_TPTG MSL_HERE(threads)
#define MSL_TGPG MSL_HERE(groups)
#define MSL_LINEAR (msl_rt::here().linear)
#define MSL_COUNT (msl_rt::here().count)
#define MSL_AXIS_POSITION(k) msl_rt::here().group[k] * msl_rt::here().threads[k] + msl_rt::here().local[k]
#define MSL_AXIS_SIZE(k) msl_rt::here().groups[k] * msl_rt::here().threads[k]
#define MSL_TPIG any_id{MSL_AXIS_POSITION(0), MSL_AXIS_POSITION(1), MSL_AXIS_POSITION(2)}
#define MSL_TPG any_id{MSL_AXIS_SIZE(0), MSL_AXIS_SIZE(1), MSL_AXIS_SIZE(2)}
#endif
#define MSL_TIITG any_id{MSL_LINEAR, 0, 0}
#define MSL_TIISG any_id{MSL_LINEAR & 31u, 0, 0}
#define MSL_SGITG any_id{MSL_LINEAR >> 5, 0, 0}
#define MSL_SGPTG any_id{(MSL_COUNT + 31u) >> 5, 0, 0}
#define MSL_TPSG any_id{32u, 0, 0}
#define MSL_QGITG any_id{MSL_LINEAR >> 2, 0, 0}
#define MSL_TIIQG any_id{MSL_LINEAR & 3u, 0, 0}
