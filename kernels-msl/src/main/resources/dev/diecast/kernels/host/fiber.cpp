// Fibers: a context switch that saves what the calling convention says a callee saves, and stacks with guard pages.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "runtime.h"

#if defined(__x86_64__)
asm(R"(
.text
.globl diecast_switch
.hidden diecast_switch
.type diecast_switch, @function
diecast_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size diecast_switch, .-diecast_switch
)");
static constexpr int START_SLOT = 6;
static constexpr int FRAME_SLOTS = 8;   // saved, return address, and one that keeps the stack as a call would
#elif defined(__aarch64__)
asm(R"(
.text
.globl diecast_switch
.hidden diecast_switch
.type diecast_switch, @function
diecast_switch:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size diecast_switch, .-diecast_switch
)");
static constexpr int START_SLOT = 11;  // x30
static constexpr int FRAME_SLOTS = 20;
#else
#error "fibers are written for x86-64 and aarch64"
#endif

namespace msl_rt {

static constexpr size_t STACK_BYTES = 256 * 1024;
static constexpr size_t GUARD_BYTES = 64 * 1024;  // no less than a page anywhere
static constexpr size_t PITCH = STACK_BYTES + GUARD_BYTES;

stacks::~stacks() {
  if (base_ != nullptr) munmap(base_, count_ * PITCH);
}

void stacks::reserve(unsigned count) {
  if (count <= count_) return;
  if (base_ != nullptr) munmap(base_, count_ * PITCH);
  void* p = mmap(nullptr, count * PITCH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) abort();
  base_ = static_cast<char*>(p);
  count_ = count;
  for (unsigned i = 0; i < count; i++) mprotect(base_ + i * PITCH, GUARD_BYTES, PROT_NONE);
}

void* stacks::fresh(unsigned index, void (*start)()) const {
  void** sp = reinterpret_cast<void**>(base_ + (index + 1) * PITCH - 64) - FRAME_SLOTS;
  for (int i = 0; i < FRAME_SLOTS; i++) sp[i] = nullptr;
  sp[START_SLOT] = reinterpret_cast<void*>(start);
  return sp;
}

bool stacks::holds(unsigned index, uintptr_t address) const {
  uintptr_t low = reinterpret_cast<uintptr_t>(base_) + index * PITCH;
  return address >= low && address < low + PITCH;
}

}  // namespace msl_rt
