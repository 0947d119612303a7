// What translated kernel text asks of the host runtime: where a thread is, barriers, exchanges between lanes, threadgroup memory.
// The runtime (../host) runs every MSL thread as a fiber of one operating system thread.
#pragma once
#include <cstddef>
#include <cstdint>

#define MSL_RT_API __attribute__((visibility("default")))

namespace msl_rt {

struct position {
  unsigned group[3];    // threadgroup_position_in_grid
  unsigned local[3];    // thread_position_in_threadgroup
  unsigned threads[3];  // threads_per_threadgroup
  unsigned groups[3];   // threadgroups_per_grid
  unsigned linear;      // thread_index_in_threadgroup
  unsigned count;       // threads in the threadgroup
};
MSL_RT_API const position& here();

constexpr unsigned LANES = 32;
constexpr unsigned LANE_BYTES = 64;  // the widest value that a simd operation passes

/** What all lanes of a simdgroup brought to one simd operation. */
struct lanes {
  alignas(64) char value[LANES][LANE_BYTES];
  uint32_t active;  // bit l: lane l took part
};

// Reports name the line of the call: the runtime finds it from the return address.
MSL_RT_API void barrier(unsigned flags);
MSL_RT_API void simd_barrier(unsigned flags);
MSL_RT_API const lanes& exchange(const char* op, const void* value, size_t bytes);

/** Tells the checker of a threadgroup variable; every thread calls it on reaching the declaration. */
MSL_RT_API void threadgroup_variable(void* base, size_t bytes, const char* name);

/** Announces an atomic access: bounds are checked, and it races only with accesses that are not atomic. */
MSL_RT_API void atomic_access(const volatile void* base, size_t bytes, bool write);

// The access itself, which the checker must not see again.
template <class T>
__attribute__((noinline, disable_sanitizer_instrumentation)) T peek(const volatile T* p) {
  return *p;
}
template <class T>
__attribute__((noinline, disable_sanitizer_instrumentation)) void poke(volatile T* p, T value) {
  *p = value;
}

/** A kernel argument of any pointer or reference type. */
struct any_ptr {
  void* p;
  template <class T> operator T*() const { return static_cast<T*>(p); }
  template <class T> operator T&() const { return *static_cast<T*>(p); }
};

}  // namespace msl_rt
