/* Calls that fail on demand. */
#pragma once
#include "types.h"

/* What a call that is to fail does. */
enum soft_fault_kind {
  SOFT_FAULT_NONE,
  SOFT_FAULT_CALL,  /* nil, NO or an NSError, as the call can */
  SOFT_FAULT_GPU,   /* the GPU reports an error when it comes to this */
  SOFT_FAULT_LOST,  /* the device is gone from here on */
  SOFT_FAULT_DELAY, /* the GPU takes its time */
};
struct soft_fault {
  enum soft_fault_kind kind;
  int64_t detail; /* MTLCommandBufferError, or milliseconds */
};

/* The fault for this occurrence of a selector. */
struct soft_fault soft_fault_for(const char *selector, uint64_t occurrence);
/* An implementation that fails the way a method of this type can, or NULL when it cannot fail. */
IMP soft_failing(const char *selector, const char *encoding);
/* Whether a call can fail, and how: "nil", "error", "no", "gpu" or NULL. */
const char *soft_way_to_fail(const char *selector, const char *encoding);
/* The fault that the current message of this thread carries to the GPU; it is taken once. */
struct soft_fault soft_take_fault(void);
void soft_carry_fault(struct soft_fault fault);
extern int soft_any_fault;
