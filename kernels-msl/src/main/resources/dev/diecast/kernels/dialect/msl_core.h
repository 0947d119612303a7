// The Metal Shading Language as a C++ dialect, for NVRTC and for clang on the host. Kernel text is compiled inside
// namespace msl, so that CUDA's own float4 and half stay out of its sight.
#pragma once
#include "threadgroup_variables.h"
