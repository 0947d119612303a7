// The C interface: runs all threadgroups of a dispatch in the order of the schedule and gathers the findings.
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "runtime.h"

namespace msl_rt {

// ---- findings --------------------------------------------------------------------------------------------------

finding blank_finding() {
  finding f = {};
  f.other_thread = -1;
  f.group = f.other_group = -1;
  f.count = 1;
  return f;
}

void put_name(char (&to)[64], const char* name) {
  strncpy(to, name, sizeof to - 1);
  to[sizeof to - 1] = 0;
}

int64_t library_offset(const world& w, const void* pc) {
  uintptr_t a = reinterpret_cast<uintptr_t>(pc);
  return a >= w.image && a < w.image_end ? static_cast<int64_t>(a - w.image) : 0;
}

static bool same_site(const finding& a, const finding& b) {
  return a.kind == b.kind && a.pc == b.pc && a.other_pc == b.other_pc && a.write == b.write &&
         a.other_write == b.other_write && strcmp(a.name, b.name) == 0 && strcmp(a.other_name, b.other_name) == 0;
}

void report(world& w, const finding& f) {
  launch& c = *w.call;
  for (int64_t i = 0; i < c.finding_count; i++) {
    if (!same_site(c.findings[i], f)) continue;
    c.findings[i].count++;
    return;
  }
  if (c.finding_count == c.finding_capacity) return;
  finding& kept = c.findings[c.finding_count++];
  kept = f;
  kept.group = w.group;
}

// ---- where the kernel library lies -------------------------------------------------------------------------------

static int match_image(dl_phdr_info* info, size_t, void* data) {
  world& w = *static_cast<world*>(data);
  uintptr_t entry = reinterpret_cast<uintptr_t>(w.call->entry), low = ~0ull, high = 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const auto& h = info->dlpi_phdr[i];
    if (h.p_type != PT_LOAD) continue;
    low = std::min<uintptr_t>(low, info->dlpi_addr + h.p_vaddr);
    high = std::max<uintptr_t>(high, info->dlpi_addr + h.p_vaddr + h.p_memsz);
  }
  if (entry < low || entry >= high) return 0;
  w.image = low;
  w.image_end = high;
  return 1;
}

// ---- the dispatch ------------------------------------------------------------------------------------------------

static world& pooled_world() {
  static thread_local std::unique_ptr<world> mine;
  if (mine == nullptr) mine = std::make_unique<world>();
  return *mine;
}

static std::vector<int64_t> group_order(world& w, int64_t total) {
  std::vector<int64_t> order(static_cast<size_t>(total));
  for (int64_t i = 0; i < total; i++) order[static_cast<size_t>(i)] = i;
  if (w.call->schedule == REVERSE) std::reverse(order.begin(), order.end());
  if (w.call->schedule == RANDOM) {
    uint64_t state = w.call->seed * 0x9E3779B97F4A7C15ULL | 1;
    for (size_t i = order.size(); i > 1; i--) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      std::swap(order[i - 1], order[(state >> 33) % i]);
    }
  }
  return order;
}

static void prepare(world& w, launch* call, uintptr_t variables, uintptr_t variables_end) {
  w.call = call;
  w.count = call->threads[0] * call->threads[1] * call->threads[2];
  w.stack.reserve(w.count);
  w.fibers.resize(w.count);
  w.simdgroups.resize((w.count + LANES - 1) / LANES);
  w.random = call->seed * 0x9E3779B97F4A7C15ULL | 1;
  w.abandoned = false;
  w.variables = variables;
  w.variables_end = variables_end;
  call->finding_count = 0;
  dl_iterate_phdr(match_image, &w);
}

enum status : int32_t { DONE_WELL = 0, ABANDONED = 1, NO_MEMORY = 2 };

extern "C" MSL_RT_API int32_t diecast_dispatch(launch* call, void* variables, void* variables_end) {
  install_fault_handlers();
  world& w = pooled_world();
  prepare(w, call, reinterpret_cast<uintptr_t>(variables), reinterpret_cast<uintptr_t>(variables_end));
  bind_buffers(w);
  if (w.arena == nullptr) return NO_MEMORY;
  active = &w;
  {
    fault_scope scope(call->seconds);
    int64_t total = static_cast<int64_t>(call->groups[0]) * call->groups[1] * call->groups[2];
    for (int64_t g : group_order(w, total)) {
      run_threadgroup(w, g);
      if (w.abandoned) break;
    }
  }
  active = nullptr;
  unbind_buffers(w);
  return w.abandoned ? ABANDONED : DONE_WELL;
}

/** Sizes of the structs above, for the mirror in Java to compare with its own. */
extern "C" MSL_RT_API int64_t diecast_layout(int32_t which) {
  switch (which) {
    case 0: return sizeof(launch);
    case 1: return sizeof(binding);
    case 2: return sizeof(finding);
    default: return -1;
  }
}

}  // namespace msl_rt
