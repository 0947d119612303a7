/* Who compiles and runs kernels: functions that the test registers. */
#pragma once
#include "types.h"

enum { SOFT_SLOT_BUFFER, SOFT_SLOT_THREADGROUP };

/* What a slot holds: memory from the offset to the buffer's end, or a length. */
struct soft_slot {
  uint64_t index, kind;
  void *data;
  uint64_t bytes;
};
struct soft_launch {
  uint64_t pipeline;
  uint64_t groups[3], threads[3];
  uint64_t count;
  struct soft_slot *slots;
};

/* Each writes a text: what was asked for, or why there is none. */
struct soft_executor {
  /* A library's number, from 1; 0 with the compiler's words. Lines of the text: "kernel NAME",
     "constant ID NAME TYPE", tabs between. */
  int64_t (*library)(const char *text, uint64_t bytes, char *out, uint64_t room);
  /* A pipeline's number, from 1. Lines: "buffer INDEX WRITES OPTIONAL BYTES NAME",
     "threadgroup INDEX NAME", "threads MOST", "static BYTES". */
  int64_t (*pipeline)(int64_t library, const char *entry, const char *constants, char *out,
                      uint64_t room);
  /* 0 when it ran; findings are reported by soft_report(). Otherwise why it did not. */
  int32_t (*dispatch)(const struct soft_launch *launch, char *out, uint64_t room);
};
extern struct soft_executor soft_executor;
enum { SOFT_TEXT_ROOM = 1 << 16 };
