// The entry points that clang's instrumentation calls: -fsanitize=thread announces every access to memory, and
// -fsanitize=array-bounds every index beyond an array of known size, -fsanitize=alignment every access that is not aligned
// as its type demands.
#include <cstring>

#include "runtime.h"

using msl_rt::access;

#define PC __builtin_return_address(0)
#define EXPORT extern "C" MSL_RT_API

#define ACCESSES(n)                                                                               \
  EXPORT void __tsan_read##n(void* p) { access(p, n, false, false, PC); }                      \
  EXPORT void __tsan_write##n(void* p) { access(p, n, true, false, PC); }                      \
  EXPORT void __tsan_unaligned_read##n(void* p) { access(p, n, false, false, PC); }            \
  EXPORT void __tsan_unaligned_write##n(void* p) { access(p, n, true, false, PC); }            \
  EXPORT void __tsan_volatile_read##n(void* p) { access(p, n, false, false, PC); }             \
  EXPORT void __tsan_volatile_write##n(void* p) { access(p, n, true, false, PC); }             \
  EXPORT void __tsan_read_write##n(void* p) {                                                     \
    access(p, n, false, false, PC);                                                            \
    access(p, n, true, false, PC);                                                             \
  }                                                                                               \
  EXPORT void __tsan_unaligned_read_write##n(void* p) {                                           \
    access(p, n, false, false, PC);                                                            \
    access(p, n, true, false, PC);                                                             \
  }
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

EXPORT void __tsan_init() {}
EXPORT void __tsan_func_entry(void*) {}
EXPORT void __tsan_func_exit() {}
EXPORT void __tsan_read_range(void* p, size_t n) { access(p, n, false, false, PC); }
EXPORT void __tsan_write_range(void* p, size_t n) { access(p, n, true, false, PC); }

EXPORT void* __tsan_memcpy(void* to, const void* from, size_t n) {
  access(from, n, false, false, PC);
  access(to, n, true, false, PC);
  return memcpy(to, from, n);
}
EXPORT void* __tsan_memmove(void* to, const void* from, size_t n) {
  access(from, n, false, false, PC);
  access(to, n, true, false, PC);
  return memmove(to, from, n);
}
EXPORT void* __tsan_memset(void* to, int value, size_t n) {
  access(to, n, true, false, PC);
  return memset(to, value, n);
}

namespace msl_rt {
void atomic_access(const volatile void* base, size_t bytes, bool write) {
  access(const_cast<const void*>(base), bytes, write, true, PC);
}
}  // namespace msl_rt

EXPORT void __ubsan_handle_type_mismatch_v1(void*, uintptr_t address) {
  msl_rt::misaligned(reinterpret_cast<const void*>(address), PC);
}

/** The access behind the index could hit the thread's own stack, so the dispatch ends here. */
EXPORT void __ubsan_handle_out_of_bounds(void*, uintptr_t index) {
  msl_rt::world& w = *msl_rt::active;
  msl_rt::finding f = msl_rt::blank_finding();
  f.kind = msl_rt::ARRAY_INDEX;
  f.thread = w.current;
  f.pc = msl_rt::library_offset(w, PC);
  f.offset = static_cast<int64_t>(index);
  msl_rt::report(w, f);
  msl_rt::abandon(w);
}
