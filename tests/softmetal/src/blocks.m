#include "blocks.h"
#include "soft.h"

struct soft_handler *soft_handler_new(Block *block) {
  struct soft_handler *handler = calloc(1, sizeof *handler);
  handler->block = _Block_copy(block);
  handler->given = *handler->block;
  return handler;
}

/* The count of references, in the flags, may have changed. */
bool soft_handler_ok(const struct soft_handler *h, id keeper) {
  if (h->block->isa == h->given.isa && h->block->invoke == h->given.invoke
      && h->block->descriptor == h->given.descriptor)
    return true;
  soft_finding("block-freed", keeper, "a block was freed while it could still be called");
  return false;
}

struct soft_handler *soft_handler_free(struct soft_handler *h, id keeper) {
  struct soft_handler *next = h->next;
  if (soft_handler_ok(h, keeper)) _Block_release(h->block);
  free(h);
  return next;
}
