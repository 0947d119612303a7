// <metal_atomic>: relaxed, on device and threadgroup memory.
#pragma once

// The compiler's own OpenCL names must not get in the way.
#define atomic_int msl_atomic_int
#define atomic_uint msl_atomic_uint
#define atomic_float msl_atomic_float
#define atomic_bool msl_atomic_bool
#define atomic_ulong msl_atomic_ulong
#define memory_order msl_memory_order
#define memory_order_relaxed msl_memory_order_relaxed

namespace metal {
enum memory_order { memory_order_relaxed };
enum thread_scope {
  thread_scope_thread,
  thread_scope_simdgroup,
  thread_scope_threadgroup,
  thread_scope_device
};
void atomic_thread_fence(mem_flags, memory_order, thread_scope = thread_scope_device);

template <typename T>
struct atomic {
  T held;
};

// The operand is not deduced, so that literals convert.
template <typename T>
struct operand {
  typedef T type;
};
#define MSL_UPDATE(name, space)                                                     \
  template <typename T>                                                             \
  T atomic_##name##_explicit(volatile space atomic<T>*, typename operand<T>::type, memory_order);
#define MSL_ATOMICS(space)                                                                  \
  MSL_UPDATE(fetch_add, space) MSL_UPDATE(fetch_sub, space) MSL_UPDATE(fetch_max, space)    \
  MSL_UPDATE(fetch_min, space) MSL_UPDATE(fetch_or, space) MSL_UPDATE(fetch_and, space)     \
  MSL_UPDATE(fetch_xor, space) MSL_UPDATE(exchange, space)                                  \
  template <typename T>                                                                     \
  T atomic_load_explicit(const volatile space atomic<T>*, memory_order);                    \
  template <typename T>                                                                     \
  void atomic_store_explicit(volatile space atomic<T>*, typename operand<T>::type, memory_order); \
  template <typename T>                                                                     \
  bool atomic_compare_exchange_weak_explicit(                                               \
      volatile space atomic<T>*, thread T*, typename operand<T>::type, memory_order, memory_order);
MSL_ATOMICS(__global)
MSL_ATOMICS(__local)
#undef MSL_ATOMICS
#undef MSL_UPDATE
} // namespace metal

typedef metal::atomic<int> atomic_int;
typedef metal::atomic<uint> atomic_uint;
typedef metal::atomic<float> atomic_float;
typedef metal::atomic<bool> atomic_bool;
typedef metal::atomic<ulong> atomic_ulong;
