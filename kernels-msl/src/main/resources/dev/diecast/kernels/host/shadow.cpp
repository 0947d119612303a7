// The checker's shadow memory: bounds and permissions of every binding, what holds a value, and who touched each
// byte since the last barrier that ordered it.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "runtime.h"

namespace msl_rt {

// ---- marks: threadgroup + 1 (21 bits), thread (10), threadgroup epoch (16), simdgroup epoch (16), atomic (1) ------

static constexpr int GROUP = 43, THREAD = 33, EPOCH = 17, SIMD_EPOCH = 1;

static uint64_t field(uint64_t who, int shift, int bits) { return who >> shift & ((1ull << bits) - 1); }

static uint64_t who_now(const world& w, const region& r, bool atomic) {
  const simdgroup& s = w.simdgroups[static_cast<unsigned>(w.current) / LANES];
  uint64_t epoch = r.threadgroup ? w.epoch_threadgroup : w.epoch_device;
  uint64_t simd_epoch = r.threadgroup ? s.epoch_threadgroup : s.epoch_device;
  return static_cast<uint64_t>(w.group + 1) << GROUP | static_cast<uint64_t>(w.current) << THREAD |
         (epoch & 0xffff) << EPOCH | (simd_epoch & 0xffff) << SIMD_EPOCH | (atomic ? 1 : 0);
}

/** Whether nothing orders the access `now` after the earlier one. Threadgroups are never ordered. */
static bool unordered(uint64_t earlier, uint64_t now, bool threadgroup_memory) {
  if (earlier == 0 || earlier >> THREAD == now >> THREAD || (earlier & now & 1)) return false;
  if (earlier >> GROUP != now >> GROUP) return !threadgroup_memory;
  if (field(earlier, EPOCH, 16) != field(now, EPOCH, 16)) return false;
  if (field(earlier, THREAD, 10) / LANES != field(now, THREAD, 10) / LANES) return true;
  return field(earlier, SIMD_EPOCH, 16) == field(now, SIMD_EPOCH, 16);
}

// ---- findings --------------------------------------------------------------------------------------------------

static finding about(const world& w, finding_kind kind, const region& r, size_t offset, size_t bytes, bool write,
                     const void* pc) {
  finding f = blank_finding();
  f.kind = kind;
  f.write = write;
  f.thread = w.current;
  f.pc = library_offset(w, pc);
  f.offset = static_cast<int64_t>(offset);
  f.bytes = static_cast<int64_t>(bytes);
  put_name(f.name, r.name.c_str());
  return f;
}

static void report_race(world& w, const region& r, size_t offset, size_t bytes, bool write, const void* pc,
                        const mark& earlier, bool earlier_write) {
  finding f = about(w, RACE, r, offset, bytes, write, pc);
  f.other_write = earlier_write;
  f.other_thread = static_cast<int32_t>(field(earlier.who, THREAD, 10));
  f.other_group = static_cast<int64_t>(earlier.who >> GROUP) - 1;
  f.other_pc = earlier.pc;
  report(w, f);
}

/** Names the memory nearest to an address that no binding holds. */
static void report_outside(world& w, uintptr_t a, size_t bytes, bool write, const void* pc) {
  const region* nearest = nullptr;
  uintptr_t distance = ~0ull;
  for (const region& r : w.regions) {
    uintptr_t low = reinterpret_cast<uintptr_t>(r.base), high = low + r.bytes;
    uintptr_t d = a < low ? low - a : a - high;
    if (d < distance) {
      distance = d;
      nearest = &r;
    }
  }
  static const region none{nullptr, 0, "no memory", false, false, false, -1, {}, {}, {}};
  const region& r = nearest != nullptr ? *nearest : none;
  report(w, about(w, OUT_OF_BOUNDS, r, a - reinterpret_cast<uintptr_t>(r.base), bytes, write, pc));
}

// ---- lookup ----------------------------------------------------------------------------------------------------

static bool inside(const region& r, uintptr_t a) {
  uintptr_t low = reinterpret_cast<uintptr_t>(r.base);
  return a >= low && a < low + r.bytes;
}

static region* find(world& w, uintptr_t a) {
  if (w.last_region < w.regions.size() && inside(w.regions[w.last_region], a)) return &w.regions[w.last_region];
  auto above = std::upper_bound(w.regions.begin(), w.regions.end(), a, [](uintptr_t x, const region& r) {
    return x < reinterpret_cast<uintptr_t>(r.base);
  });
  if (above == w.regions.begin()) return nullptr;
  region& r = *--above;
  if (!inside(r, a)) return nullptr;
  w.last_region = static_cast<size_t>(above - w.regions.begin());
  return &r;
}

template <class T> static bool within(const std::vector<T>& v, uintptr_t a) {
  uintptr_t low = reinterpret_cast<uintptr_t>(v.data());
  return a >= low && a < low + v.size() * sizeof(T);
}

/** What translated code reads of the runtime (positions, pointers, lanes), or constants of the program. */
static bool is_program(const world& w, uintptr_t a) {
  if (within(w.fibers, a) || within(w.args, a) || within(w.simdgroups, a)) return true;
  return a >= w.image && a < w.image_end && !(a >= w.variables && a < w.variables_end);
}

static void outside(world& w, uintptr_t a, size_t bytes, bool write, const void* pc) {
  if (is_program(w, a)) return;
  report_outside(w, a, bytes, write, pc);
  uintptr_t arena = reinterpret_cast<uintptr_t>(w.arena);
  bool harmless = (a >= arena && a + bytes <= arena + w.arena_bytes) || (a >= w.variables && a < w.variables_end);
  if (!harmless) abandon(w);
}

// ---- the check -------------------------------------------------------------------------------------------------

static void check_read(world& w, region& r, size_t i, uint64_t now, uint32_t site, size_t bytes, const void* pc) {
  cell& c = r.cells[i];
  if (unordered(c.write.who, now, r.threadgroup)) report_race(w, r, i, bytes, false, pc, c.write, true);
  // Two readers are remembered, so that a later write meets a reader other than the writer itself.
  if (c.read.who == 0 || c.read.who >> THREAD == now >> THREAD || !unordered(c.read.who, now, r.threadgroup)) {
    c.read = {now, site};
  } else {
    c.read2 = {now, site};
  }
}

static void check_write(world& w, region& r, size_t i, uint64_t now, uint32_t site, size_t bytes, const void* pc) {
  cell& c = r.cells[i];
  if (unordered(c.write.who, now, r.threadgroup)) report_race(w, r, i, bytes, true, pc, c.write, true);
  else if (unordered(c.read.who, now, r.threadgroup)) report_race(w, r, i, bytes, true, pc, c.read, false);
  else if (unordered(c.read2.who, now, r.threadgroup)) report_race(w, r, i, bytes, true, pc, c.read2, false);
  c.write = {now, site};
}

static void check_value(world& w, region& r, size_t offset, size_t bytes, const void* pc) {
  if (!r.undefined) return;
  for (size_t i = offset; i < offset + bytes; i++) {
    if (r.written[i] != 0) continue;
    report(w, about(w, UNINITIALISED, r, i, bytes, false, pc));
    return;
  }
}

void access(const void* p, size_t bytes, bool write, bool atomic, const void* pc) {
  if (active == nullptr || active->current < 0 || !active->call->checked) return;
  world& w = *active;
  uintptr_t a = reinterpret_cast<uintptr_t>(p);
  if (w.stack.holds(static_cast<unsigned>(w.current), a)) return;  // variables of the thread itself
  region* found = find(w, a);
  if (found == nullptr) return outside(w, a, bytes, write, pc);
  region& r = *found;
  size_t offset = a - reinterpret_cast<uintptr_t>(r.base);
  if (offset + bytes > r.bytes) {
    report(w, about(w, OUT_OF_BOUNDS, r, offset, bytes, write, pc));
    bytes = r.bytes - offset;
  }
  if (write && !r.writable) {
    report(w, about(w, READ_ONLY, r, offset, bytes, write, pc));
    return;
  }
  if (!write) {
    check_value(w, r, offset, bytes, pc);
    r.read_bytes += static_cast<int64_t>(bytes);
    memset(&r.read[offset], 1, bytes);
    if (!r.writable) return;
  } else {
    r.written_bytes += static_cast<int64_t>(bytes);
    memset(&r.written[offset], 1, bytes);
  }
  uint64_t now = who_now(w, r, atomic);
  uint32_t site = static_cast<uint32_t>(library_offset(w, pc));
  for (size_t i = offset; i < offset + bytes; i++) {
    if (write) check_write(w, r, i, now, site, bytes, pc);
    else check_read(w, r, i, now, site, bytes, pc);
  }
}

void misaligned(const void* p, const void* pc) {
  world& w = *active;
  uintptr_t a = reinterpret_cast<uintptr_t>(p);
  const region* r = find(w, a);
  if (r != nullptr) report(w, about(w, MISALIGNED, *r, a - reinterpret_cast<uintptr_t>(r->base), 0, false, pc));
}

// ---- memory of a dispatch --------------------------------------------------------------------------------------

static constexpr size_t GUARD = 1 << 20;  // beside every binding: accesses that miss it land where nothing is
static constexpr size_t ALIGN = 256;

static bool runtime_owned(const binding& b) { return (b.flags & THREADGROUP) != 0; }

/** Bytes that the binding takes in the arena, with its guard. A bound address keeps its alignment. */
static size_t arena_share(const binding& b) {
  return (static_cast<size_t>(b.bytes) + 2 * ALIGN - 1) / ALIGN * ALIGN + GUARD;
}

static bool in_arena(const world& w, const binding& b) {
  return b.bytes >= 0 && (runtime_owned(b) || (w.call->checked && b.data != nullptr));
}

/** The binding whose memory holds that of binding i: itself, unless a kernel works in place. */
static int64_t keeper(const world& w, int64_t i) {
  const launch& c = *w.call;
  const binding& b = c.bindings[i];
  int64_t best = i;
  for (int64_t j = 0; j < c.binding_count; j++) {
    const binding& o = c.bindings[j];
    if (j == i || b.data == nullptr || o.data == nullptr || !in_arena(w, o) || runtime_owned(o)) continue;
    uintptr_t inner = reinterpret_cast<uintptr_t>(b.data), outer = reinterpret_cast<uintptr_t>(o.data);
    bool holds = outer <= inner && inner + static_cast<size_t>(b.bytes) <= outer + static_cast<size_t>(o.bytes);
    bool before = o.bytes > c.bindings[best].bytes || (o.bytes == c.bindings[best].bytes && j < best);
    if (holds && before) best = j;
  }
  return best;
}

/** Whether a binding that lies in the memory of this one may be written. */
static bool written_in_place(const world& w, int64_t i) {
  for (int64_t j = 0; j < w.call->binding_count; j++) {
    if (j != i && (w.call->bindings[j].flags & WRITABLE) && keeper(w, j) == i) return true;
  }
  return false;
}

static void add_region(world& w, const binding& b, int index, char* base) {
  region r{base, static_cast<size_t>(b.bytes), b.name, runtime_owned(b), (b.flags & (WRITABLE | THREADGROUP)) != 0,
           (b.flags & (UNDEFINED | THREADGROUP)) != 0, index, {}, {}, {}};
  r.read.resize(r.bytes);
  if (r.writable) {
    r.written.resize(r.bytes);
    r.cells.resize(r.bytes);
  }
  w.regions.push_back(std::move(r));  // the arena ascends, so this keeps the order
}

void bind_buffers(world& w) {
  const launch& c = *w.call;
  w.arena_bytes = GUARD;
  for (int64_t i = 0; i < c.binding_count; i++) {
    if (in_arena(w, c.bindings[i])) w.arena_bytes += arena_share(c.bindings[i]);
    if (in_arena(w, c.bindings[i]) && written_in_place(w, i)) c.bindings[i].flags = (c.bindings[i].flags | WRITABLE) & ~static_cast<int64_t>(UNDEFINED);
  }
  void* p = mmap(nullptr, w.arena_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  w.arena = p == MAP_FAILED ? nullptr : static_cast<char*>(p);
  if (w.arena == nullptr) return;
  char* next = w.arena + GUARD;
  w.args.assign(static_cast<size_t>(c.binding_count), nullptr);
  for (int64_t i = 0; i < c.binding_count; i++) {
    const binding& b = c.bindings[i];
    w.args[static_cast<size_t>(i)] = b.data;
    if (!in_arena(w, b) || keeper(w, i) != i) continue;
    char* base = next + reinterpret_cast<uintptr_t>(b.data) % ALIGN;
    next += arena_share(b);
    w.args[static_cast<size_t>(i)] = base;
    if (b.flags & UNDEFINED) memset(base, 0xff, static_cast<size_t>(b.bytes));
    else if (b.data != nullptr) memcpy(base, b.data, static_cast<size_t>(b.bytes));
    if (c.checked) add_region(w, b, static_cast<int>(i), base);
  }
  for (int64_t i = 0; i < c.binding_count; i++) {
    int64_t k = keeper(w, i);
    if (k != i) {
      w.args[static_cast<size_t>(i)] = static_cast<char*>(w.args[static_cast<size_t>(k)]) +
                                       (static_cast<char*>(c.bindings[i].data) - static_cast<char*>(c.bindings[k].data));
    }
  }
}

static int64_t touched(const std::vector<uint8_t>& bytes) { return std::count(bytes.begin(), bytes.end(), 1); }

void unbind_buffers(world& w) {
  for (const region& r : w.regions) {
    if (r.binding < 0) continue;
    binding& b = w.call->bindings[r.binding];
    b.read = r.read_bytes;
    b.written = r.written_bytes;
    b.distinct_read = touched(r.read);
    b.distinct_written = touched(r.written);
    if ((b.flags & WRITABLE) && b.data != nullptr) memcpy(b.data, r.base, r.bytes);
  }
  w.regions.clear();
  w.last_region = 0;
  if (w.arena != nullptr) munmap(w.arena, w.arena_bytes);
  w.arena = nullptr;
}

// ---- threadgroup memory: empty again for each threadgroup --------------------------------------------------------

static void empty(world& w, region& r) {
  r.group = w.group;
  std::fill(r.written.begin(), r.written.end(), 0);
  memset(r.base, 0xff, r.bytes);
}

void begin_threadgroup_memory(world& w) {
  for (region& r : w.regions) {
    if (r.threadgroup && r.binding >= 0) empty(w, r);
  }
}

void threadgroup_variable(void* base, size_t bytes, const char* name) {
  world& w = *active;
  if (!w.call->checked) return;
  region* r = find(w, reinterpret_cast<uintptr_t>(base));
  if (r == nullptr) {
    region fresh{static_cast<char*>(base), bytes, name, true, true, true, -1, {}, {}, {}};
    fresh.cells.resize(bytes);
    fresh.read.resize(bytes);
    fresh.written.resize(bytes);
    auto at = std::upper_bound(w.regions.begin(), w.regions.end(), fresh.base,
                               [](const char* x, const region& y) { return x < y.base; });
    r = &*w.regions.insert(at, std::move(fresh));
  }
  if (r->group != w.group) empty(w, *r);
}

}  // namespace msl_rt
