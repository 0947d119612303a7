/* Blocks that are kept to be called later. */
#pragma once
#include "types.h"

/* A block, and how it looked when it was given: a freed one looks different. */
struct soft_handler {
  Block *block;
  Block given;
  uint64_t value; /* of an event's listener */
  struct soft_handler *next;
};

struct soft_handler *soft_handler_new(Block *block);
/* Whether it may be called; a finding about the object that kept it otherwise. */
bool soft_handler_ok(const struct soft_handler *handler, id keeper);
/* Releases the block; the next one. */
struct soft_handler *soft_handler_free(struct soft_handler *handler, id keeper);
