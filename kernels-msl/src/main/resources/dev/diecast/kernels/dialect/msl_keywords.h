// Before kernel text: address spaces mean nothing to C++.
#ifdef MSL_CUDA
// `device` becomes a macro, so CUDA's own spelling must not contain that word (NVRTC has no push_macro).
#undef __device__
#define __device__ __attribute__((__device__))
#endif
#define device
#define constant const
#define thread
#define threadgroup
