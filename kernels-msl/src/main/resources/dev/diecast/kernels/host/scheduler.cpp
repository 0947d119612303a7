// Runs the threads of one threadgroup as fibers, switching only where threads wait for each other, and reports
// threads that do not meet.
#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime.h"

namespace msl_rt {

thread_local world* active = nullptr;

static constexpr unsigned MEM_DEVICE = 1, MEM_THREADGROUP = 2;

const position& here() { return active->fibers[active->current].where; }

static simdgroup& simdgroup_of(world& w, unsigned thread) { return w.simdgroups[thread / LANES]; }

static bool runnable(const world& w, unsigned thread) {
  const fiber& f = w.fibers[thread];
  return f.state == READY || (f.state == AT_SIMD && w.simdgroups[thread / LANES].phase != f.phase);
}

static uint64_t next_random(world& w) {  // xorshift64*
  w.random ^= w.random >> 12;
  w.random ^= w.random << 25;
  w.random ^= w.random >> 27;
  return w.random * 0x2545F4914F6CDD1DULL;
}

static void shuffle_order(world& w) {
  for (unsigned i = w.count; i > 1; i--) std::swap(w.order[i - 1], w.order[(next_random(w) >> 33) % i]);
}

static finding about(finding_kind kind, int thread, const void* pc, const char* name) {
  finding f = blank_finding();
  f.kind = kind;
  f.thread = thread;
  f.pc = library_offset(*active, pc);
  put_name(f.name, name);
  return f;
}

// ---- threads that meet -----------------------------------------------------------------------------------------

static void release_lanes(simdgroup& s) {
  s.slot[s.phase & 1].active = s.arrived;
  s.arrived = 0;
  s.phase++;
}

/** Lets the lanes that wait go on without the others, and says so. */
static void release_divergent(world& w, simdgroup& s) {
  finding f = about(SIMD, s.first, s.pc, s.op);
  f.lacking = static_cast<int32_t>(LANES) - std::popcount(s.arrived);
  unsigned base = static_cast<unsigned>(&s - w.simdgroups.data()) * LANES;
  for (unsigned l = 0; l < LANES && base + l < w.count; l++) {
    if (s.arrived >> l & 1) continue;
    const fiber& other = w.fibers[base + l];
    f.other_thread = static_cast<int32_t>(base + l);
    f.other_group = w.group;
    put_name(f.other_name, other.state == AT_BARRIER ? "threadgroup_barrier" : "return");
    if (other.state == AT_BARRIER) f.other_pc = library_offset(w, other.pc);
    break;
  }
  report(w, f);
  release_lanes(s);
}

/** Everyone still there waits at a threadgroup barrier: opens it, and reports who is missing or at another one. */
static void open_barrier(world& w) {
  const fiber* first = nullptr;
  unsigned flags = ~0u;
  for (const fiber& f : w.fibers) {
    if (f.state != AT_BARRIER) continue;
    flags &= f.flags;
    if (first == nullptr) first = &f;
    if (f.pc == first->pc) continue;
    finding g = about(BARRIER, static_cast<int>(f.where.linear), f.pc, "threadgroup_barrier");
    g.other_thread = static_cast<int32_t>(first->where.linear);
    g.other_group = w.group;
    g.other_pc = library_offset(w, first->pc);
    put_name(g.other_name, "threadgroup_barrier");
    report(w, g);
  }
  if (w.done > 0) {
    finding g = about(BARRIER, static_cast<int>(first->where.linear), first->pc, "threadgroup_barrier");
    g.lacking = static_cast<int32_t>(w.done);
    put_name(g.other_name, "return");
    report(w, g);
  }
  if (flags & MEM_THREADGROUP) w.epoch_threadgroup++;
  if (flags & MEM_DEVICE) w.epoch_device++;
  for (fiber& f : w.fibers) {
    if (f.state == AT_BARRIER) f.state = READY;
  }
}

/** Nobody can run: a barrier is complete, or threads diverged. False when all have returned. */
static bool resolve(world& w) {
  if (w.done == w.count) return false;
  bool lanes_wait = false;
  for (simdgroup& s : w.simdgroups) {
    if (s.arrived == 0) continue;
    lanes_wait = true;
    release_divergent(w, s);
  }
  if (!lanes_wait) open_barrier(w);
  return true;
}

static int next_thread(world& w) {
  for (;;) {
    for (unsigned tried = 0; tried < w.count; tried++) {
      if (++w.cursor >= w.count) {
        w.cursor = 0;
        if (w.call->schedule == RANDOM) shuffle_order(w);
      }
      unsigned thread = w.order[w.cursor];
      if (runnable(w, thread)) return static_cast<int>(thread);
    }
    // A shuffle inside the loop above may hide a thread from it, so look at all before giving up.
    bool any = false;
    for (unsigned t = 0; t < w.count && !any; t++) any = runnable(w, t);
    if (!any && !resolve(w)) return -1;
  }
}

/** Leaves the running fiber, which has stated what it waits for, and comes back when it may run. */
static void wait(world& w) {
  fiber& self = w.fibers[w.current];
  int next = next_thread(w);
  if (next == w.current) return;
  w.current = next;
  diecast_switch(&self.sp, next < 0 ? w.main_sp : w.fibers[next].sp);
}

void barrier(unsigned flags) {
  world& w = *active;
  fiber& self = w.fibers[w.current];
  self.state = AT_BARRIER;
  self.flags = flags;
  self.pc = __builtin_return_address(0);
  wait(w);
}

static void check_same_operation(world& w, simdgroup& s, const char* op, const void* pc) {
  if (s.pc == pc && (s.op == op || strcmp(s.op, op) == 0)) return;
  finding f = about(SIMD, w.current, pc, op);
  f.other_thread = s.first;
  f.other_group = w.group;
  f.other_pc = library_offset(w, s.pc);
  put_name(f.other_name, s.op);
  report(w, f);
}

static const lanes& exchange_at(const char* op, const void* value, size_t bytes, const void* pc) {
  world& w = *active;
  fiber& self = w.fibers[w.current];
  simdgroup& s = simdgroup_of(w, self.where.linear);
  lanes& slot = s.slot[s.phase & 1];
  memcpy(slot.value[self.where.linear % LANES], value, bytes);
  if (s.arrived == 0) {
    s.op = op;
    s.pc = pc;
    s.first = w.current;
  } else {
    check_same_operation(w, s, op, pc);
  }
  s.arrived |= 1u << (self.where.linear % LANES);
  if (static_cast<unsigned>(std::popcount(s.arrived)) == s.alive) {
    bool some_left = s.alive < std::min(LANES, w.count - self.where.linear / LANES * LANES);
    if (some_left) release_divergent(w, s);
    else release_lanes(s);
    return slot;
  }
  self.phase = s.phase;
  self.state = AT_SIMD;
  wait(w);
  self.state = READY;
  return slot;
}

const lanes& exchange(const char* op, const void* value, size_t bytes) {
  return exchange_at(op, value, bytes, __builtin_return_address(0));
}

void simd_barrier(unsigned flags) {
  world& w = *active;
  char nothing = 0;
  simdgroup& s = simdgroup_of(w, w.fibers[w.current].where.linear);
  unsigned phase = s.phase;
  exchange_at("simdgroup_barrier", &nothing, 1, __builtin_return_address(0));
  // Lanes leave one after the other; the first to come here opens the next epoch for all of them.
  if (s.barrier_phase == phase + 1) return;
  s.barrier_phase = phase + 1;
  if (flags & MEM_THREADGROUP) s.epoch_threadgroup++;
  if (flags & MEM_DEVICE) s.epoch_device++;
}

// ---- a threadgroup ---------------------------------------------------------------------------------------------

static void thread_main() {
  world& w = *active;
  w.call->entry(w.args.data());
  fiber& self = w.fibers[w.current];
  self.state = DONE;
  w.done++;
  simdgroup& s = simdgroup_of(w, self.where.linear);
  s.alive--;
  if (s.arrived != 0 && static_cast<unsigned>(std::popcount(s.arrived)) == s.alive) release_divergent(w, s);
  wait(w);
  __builtin_trap();
}

void abandon(world& w) {
  w.abandoned = true;
  void* gone;
  w.current = -1;
  diecast_switch(&gone, w.main_sp);
  __builtin_unreachable();
}

static void place(world& w, fiber& f, unsigned thread) {
  const launch& c = *w.call;
  int64_t g = w.group;
  unsigned t = thread;
  for (int k = 0; k < 3; k++) {
    f.where.groups[k] = c.groups[k];
    f.where.threads[k] = c.threads[k];
    f.where.group[k] = static_cast<unsigned>(g % c.groups[k]);
    f.where.local[k] = t % c.threads[k];
    g /= c.groups[k];
    t /= c.threads[k];
  }
  f.where.linear = thread;
  f.where.count = w.count;
}

static void order_threads(world& w) {
  w.order.resize(w.count);
  for (unsigned t = 0; t < w.count; t++) w.order[t] = w.call->schedule == REVERSE ? w.count - 1 - t : t;
  if (w.call->schedule == RANDOM) shuffle_order(w);
}

void run_threadgroup(world& w, int64_t group) {
  w.group = group;
  w.done = 0;
  w.epoch_threadgroup = w.epoch_device = 1;
  for (simdgroup& s : w.simdgroups) {
    s.phase = s.barrier_phase = 0;
    s.alive = 0;
    s.arrived = 0;
    s.epoch_threadgroup = s.epoch_device = 1;
  }
  for (unsigned t = 0; t < w.count; t++) {
    fiber& f = w.fibers[t];
    place(w, f, t);
    f.state = READY;
    f.sp = w.stack.fresh(t, thread_main);
    simdgroup_of(w, t).alive++;
  }
  order_threads(w);
  begin_threadgroup_memory(w);
  w.cursor = 0;
  w.current = static_cast<int>(w.order[0]);
  diecast_switch(&w.main_sp, w.fibers[w.current].sp);
  w.current = -1;
}

}  // namespace msl_rt
