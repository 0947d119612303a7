// Which compiler reads this: NVRTC (MSL_CUDA) or clang for the host (MSL_HOST).
#pragma once

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
#define MSL_CUDA 1
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#define MSL_FN __device__ __forceinline__
#pragma nv_diag_suppress 128, 20208
#else
#define MSL_HOST 1
#include <stddef.h>
#include <stdint.h>

#include "host_runtime.h"
#define MSL_FN inline __attribute__((always_inline))
#endif
