// Where threadgroup variables lie on the host: one section of the library, each variable between gaps, so that an
// access beyond one is an access to nothing. (On CUDA they are __shared__: see grid.h.)
#pragma once
#include "grid.h"

#ifdef MSL_HOST
#define MSL_IN_SECTION __attribute__((section("diecast_threadgroup")))
#define MSL_JOIN_(a, b) a##b
#define MSL_JOIN(a, b) MSL_JOIN_(a, b)
#define MSL_GAP static MSL_IN_SECTION __attribute__((used)) unsigned char MSL_JOIN(msl_gap_, __COUNTER__)[256]
#define MSL_TG    \
  MSL_GAP;        \
  static MSL_IN_SECTION
#define MSL_TG_REG(variable) \
  MSL_GAP;                   \
  msl_rt::threadgroup_variable((void*)&variable, sizeof variable, #variable)

MSL_GAP;  // the section exists even where no kernel declares a variable
extern "C" unsigned char __start_diecast_threadgroup[] __attribute__((visibility("hidden")));
extern "C" unsigned char __stop_diecast_threadgroup[] __attribute__((visibility("hidden")));
/** Both ends of the section. */
extern "C" MSL_RT_API inline __attribute__((used)) void diecast_threadgroup_section(void** ends) {
  ends[0] = __start_diecast_threadgroup;
  ends[1] = __stop_diecast_threadgroup;
}
#endif
