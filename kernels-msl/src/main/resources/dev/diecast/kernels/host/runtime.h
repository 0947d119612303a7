// The parts of the host runtime and the state of one dispatch. One dispatch runs on one operating system thread.
#pragma once
#include <signal.h>
#include <time.h>

#include <cstdint>
#include <string>
#include <vector>

#include "../dialect/host_runtime.h"

namespace msl_rt {

// ---- the C interface, mirrored by dev.diecast.kernels.host.NativeRuntime ----------------------------------------

enum finding_kind : int32_t {
  RACE, OUT_OF_BOUNDS, READ_ONLY, UNINITIALISED, MISALIGNED, BARRIER, SIMD, ARRAY_INDEX, FAULT, TIMEOUT
};

struct finding {
  int32_t kind;
  int32_t write;         // the access writes
  int32_t other_write;   // RACE: the earlier access wrote
  int32_t thread;        // linear index in its threadgroup
  int32_t other_thread;  // the other thread, -1 when none
  int32_t lacking;       // BARRIER, SIMD: threads that did not come
  int64_t group;         // linear index of the threadgroup
  int64_t other_group;
  int64_t pc;            // offset in the kernel library, 0 when unknown
  int64_t other_pc;
  int64_t offset;        // byte in the memory named; ARRAY_INDEX: the index; FAULT: the signal
  int64_t bytes;         // of the access
  int64_t count;         // how often, over all threads
  char name[64];         // buffer or variable, or the operation
  char other_name[64];
};

enum binding_flags : int64_t { WRITABLE = 1, UNDEFINED = 2, THREADGROUP = 4 };

struct binding {
  void* data;  // null: an argument that a function constant switches off, or memory that the runtime provides
  int64_t bytes;
  const char* name;
  int64_t flags;
  int64_t read, written;                    // out: bytes over all accesses
  int64_t distinct_read, distinct_written;  // out: bytes touched at least once
};

enum schedule_kind : int32_t { FORWARD, REVERSE, RANDOM };

struct launch {
  void (*entry)(void**);
  binding* bindings;
  finding* findings;
  int64_t binding_count;
  int64_t finding_capacity;
  int64_t finding_count;  // out
  uint32_t groups[3];
  uint32_t threads[3];
  int32_t schedule;
  uint32_t seed;
  int32_t checked;
  int32_t seconds;  // the dispatch is abandoned after so long
};

// ---- fibers ----------------------------------------------------------------------------------------------------

extern "C" void diecast_switch(void** save, void* to);

/** Stacks for fibers, each above a page that faults. */
class stacks {
 public:
  ~stacks();
  void reserve(unsigned count);
  /** A stack pointer from which diecast_switch enters `start`. */
  void* fresh(unsigned index, void (*start)()) const;
  bool holds(unsigned index, uintptr_t address) const;

 private:
  char* base_ = nullptr;
  unsigned count_ = 0;
};

// ---- shadow memory ---------------------------------------------------------------------------------------------

/** Who touched a byte last, packed: threadgroup + 1, thread, epochs at threadgroup and simdgroup barriers, atomic. */
struct mark {
  uint64_t who = 0;
  uint32_t pc = 0;
};

struct cell {
  mark write, read, read2;
};

struct region {
  char* base;
  size_t bytes;
  std::string name;
  bool threadgroup;
  bool writable;
  bool undefined;          // holds nothing until written
  int binding;             // index, or -1
  std::vector<cell> cells; // of writable memory
  std::vector<uint8_t> read, written;  // per byte: touched
  int64_t read_bytes = 0, written_bytes = 0;
  int64_t group = -1;      // threadgroup memory: whose contents these are
};

// ---- one dispatch ----------------------------------------------------------------------------------------------

enum fiber_state { READY, AT_BARRIER, AT_SIMD, DONE };

struct fiber {
  void* sp;
  position where;
  fiber_state state;
  unsigned phase;  // AT_SIMD: of its simdgroup
  unsigned flags;  // AT_BARRIER
  const void* pc;
};

struct simdgroup {
  unsigned phase = 0;
  unsigned barrier_phase = 0;  // 1 + the phase of the last simdgroup barrier that was counted
  unsigned alive = 0;
  uint32_t arrived = 0;
  unsigned epoch_threadgroup = 1, epoch_device = 1;
  const char* op = nullptr;
  const void* pc = nullptr;
  int first = -1;  // the lane that came first, as a thread
  lanes slot[2];
};

struct world {
  launch* call = nullptr;
  stacks stack;
  std::vector<fiber> fibers;
  std::vector<simdgroup> simdgroups;
  std::vector<unsigned> order;
  std::vector<void*> args;
  unsigned cursor = 0;
  unsigned count = 0;
  unsigned done = 0;
  int current = -1;
  void* main_sp = nullptr;
  int64_t group = 0;
  unsigned epoch_threadgroup = 1, epoch_device = 1;
  uint64_t random = 1;
  bool abandoned = false;

  std::vector<region> regions;  // by base
  size_t last_region = 0;
  char* arena = nullptr;
  size_t arena_bytes = 0;
  uintptr_t image = 0, image_end = 0;          // the kernel library
  uintptr_t variables = 0, variables_end = 0;  // its threadgroup variables
};

/** The dispatch that this thread runs, or null. */
extern thread_local world* active __attribute__((tls_model("initial-exec")));

void run_threadgroup(world& w, int64_t group);
/** Gives up the dispatch: the running fiber and all others are dropped. */
[[noreturn]] void abandon(world& w);

void bind_buffers(world& w);
void unbind_buffers(world& w);
void begin_threadgroup_memory(world& w);
void access(const void* p, size_t bytes, bool write, bool atomic, const void* pc);
void misaligned(const void* p, const void* pc);

finding blank_finding();
/** Keeps a finding about the running threadgroup; the same one again only counts. */
void report(world& w, const finding& f);
int64_t library_offset(const world& w, const void* pc);
void put_name(char (&to)[64], const char* name);

/** Turns faults of kernel code and an expired time limit into findings. */
void install_fault_handlers();
class fault_scope {
 public:
  explicit fault_scope(int seconds);
  ~fault_scope();

 private:
  timer_t timer_ = {};  // the first one of a process may well be null
  bool has_timer_ = false;
  void* stack_ = nullptr;
  stack_t earlier_stack_ = {};
};

}  // namespace msl_rt
