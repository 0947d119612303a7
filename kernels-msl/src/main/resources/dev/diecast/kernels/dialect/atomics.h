// Atomics of <metal_atomic>. On the host one thread runs at a time, so plain accesses are atomic; the checker is told.
#pragma once
#include "simdgroup_matrix.h"

namespace msl {
namespace metal {

enum memory_order {
  memory_order_relaxed, memory_order_acquire, memory_order_release, memory_order_acq_rel, memory_order_seq_cst
};
enum thread_scope { thread_scope_thread, thread_scope_simdgroup, thread_scope_threadgroup, thread_scope_device };

template <class T> struct atomic { T v; };
typedef atomic<int> atomic_int;
typedef atomic<uint> atomic_uint;
typedef atomic<float> atomic_float;
typedef atomic<ulong> atomic_ulong;
typedef atomic<bool> atomic_bool;

#define MSL_VALUE typename trait::exactly<T>::type

#ifdef MSL_CUDA
#define MSL_FETCH(name, INTRINSIC)                                                                              \
  template <class T> MSL_FN T atomic_fetch_##name##_explicit(volatile atomic<T>* p, MSL_VALUE v, memory_order) { \
    return INTRINSIC((T*)&p->v, v);                                                                             \
  }
MSL_FETCH(add, atomicAdd) MSL_FETCH(max, atomicMax) MSL_FETCH(min, atomicMin) MSL_FETCH(or, atomicOr)
MSL_FETCH(and, atomicAnd) MSL_FETCH(xor, atomicXor)
#undef MSL_FETCH
template <class T> MSL_FN T atomic_fetch_sub_explicit(volatile atomic<T>* p, MSL_VALUE v, memory_order) {
  return atomicAdd((T*)&p->v, (T)-v);
}
template <class T> MSL_FN T atomic_load_explicit(const volatile atomic<T>* p, memory_order) { return p->v; }
template <class T> MSL_FN void atomic_store_explicit(volatile atomic<T>* p, MSL_VALUE v, memory_order) { p->v = v; }
template <class T> MSL_FN T atomic_exchange_explicit(volatile atomic<T>* p, MSL_VALUE v, memory_order) {
  return atomicExch((T*)&p->v, v);
}
template <class T>
MSL_FN bool atomic_compare_exchange_weak_explicit(volatile atomic<T>* p, T* expected, MSL_VALUE v, memory_order,
                                                  memory_order) {
  T old = atomicCAS((T*)&p->v, *expected, v);
  bool done = old == *expected;
  *expected = old;
  return done;
}
MSL_FN void atomic_thread_fence(mem_flags, memory_order, thread_scope = thread_scope_device) { __threadfence(); }
#else
template <class T> MSL_FN T atomic_load_explicit(const volatile atomic<T>* p, memory_order) {
  msl_rt::atomic_access(&p->v, sizeof(T), false);
  return msl_rt::peek(&p->v);
}
template <class T> MSL_FN void atomic_store_explicit(volatile atomic<T>* p, MSL_VALUE v, memory_order) {
  msl_rt::atomic_access(&p->v, sizeof(T), true);
  msl_rt::poke(&p->v, v);
}
/** A read and a write: the read finds memory that was never written. */
template <class T> MSL_FN T atomic_begin(volatile atomic<T>* p) {
  msl_rt::atomic_access(&p->v, sizeof(T), false);
  msl_rt::atomic_access(&p->v, sizeof(T), true);
  return msl_rt::peek(&p->v);
}
#define MSL_FETCH(name, expression)                                                                             \
  template <class T> MSL_FN T atomic_##name##_explicit(volatile atomic<T>* p, MSL_VALUE v, memory_order) {      \
    T old = atomic_begin(p);                                                                                    \
    msl_rt::poke(&p->v, T(expression));                                                                         \
    return old;                                                                                                 \
  }
MSL_FETCH(fetch_add, old + v)
MSL_FETCH(fetch_sub, old - v)
MSL_FETCH(fetch_max, old > v ? old : v)
MSL_FETCH(fetch_min, old < v ? old : v)
MSL_FETCH(fetch_or, old | v)
MSL_FETCH(fetch_and, old & v)
MSL_FETCH(fetch_xor, old ^ v)
MSL_FETCH(exchange, v)
#undef MSL_FETCH
template <class T>
MSL_FN bool atomic_compare_exchange_weak_explicit(volatile atomic<T>* p, T* expected, MSL_VALUE v, memory_order,
                                                  memory_order) {
  T old = atomic_begin(p);
  bool done = old == *expected;
  if (done) msl_rt::poke(&p->v, v);
  *expected = old;
  return done;
}
MSL_FN void atomic_thread_fence(mem_flags, memory_order, thread_scope = thread_scope_device) {}
#endif
#undef MSL_VALUE

}  // namespace metal
using metal::atomic_float;
using metal::atomic_int;
using metal::atomic_uint;
}  // namespace msl
