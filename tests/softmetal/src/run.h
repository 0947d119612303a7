/* A recording while it runs. */
#pragma once
#include "hazards.h"

/* Of MTLCommandBufferError. */
enum { INTERNAL = 1, TIMEOUT = 2, PAGE_FAULT = 3, INVALID = 9, REMOVED = 11 };

/* A command of a group without order. */
struct soft_unit {
  const struct soft_op *op;
  struct soft_dispatch dispatch; /* where op is a dispatch or an indirect command */
  bool indirect;
};

struct soft_run {
  struct soft_recording *recording;
  struct soft_sets *sets;
  struct soft_history *history;
  struct soft_outcome *outcome;
  struct soft_pass *pass;
  struct soft_unit *units;
  size_t count, room;
};

/* The run ends with an error; answers false. */
bool soft_run_fail(struct soft_run *run, int64_t code, const char *text);
/* Whether a residency set, useResource or useHeap covers a resource. */
bool soft_is_resident(const struct soft_run *run, SoftMTLResource *resource);
/* Whether a dispatch has a grid without threadgroups. */
bool soft_is_empty(const struct soft_dispatch *dispatch);
/* Hands a dispatch to the executor; false when it failed. */
bool soft_run_dispatch(struct soft_run *run, const struct soft_unit *unit);
