#include "recording.h"
#include "faults.h"
#include "indirect.h"
#include "metal4.h"

static void *grown(void *list, size_t count, size_t *room, size_t each) {
  if (count < *room) return list;
  *room = *room ? *room * 2 : 16;
  return realloc(list, *room * each);
}

struct soft_recording *soft_recording_new(void) { return calloc(1, sizeof(struct soft_recording)); }

static struct soft_item *add_item(struct soft_recording *r) {
  r->items = grown(r->items, r->count, &r->room, sizeof *r->items);
  struct soft_item *item = &r->items[r->count++];
  memset(item, 0, sizeof *item);
  return item;
}

struct soft_pass *soft_add_pass(struct soft_recording *r) {
  struct soft_item *item = add_item(r);
  item->kind = SOFT_PASS;
  item->pass = calloc(1, sizeof *item->pass);
  item->pass->sampleStart = item->pass->sampleEnd = UINT64_MAX;
  return item->pass;
}

void soft_add_item(struct soft_recording *r, enum soft_item_kind kind, id event, uint64_t value) {
  struct soft_item *item = add_item(r);
  *item = (struct soft_item){kind, NULL, soft_hold(event), value};
}

struct soft_op *soft_add_op(struct soft_pass *pass, enum soft_op_kind kind) {
  pass->ops = grown(pass->ops, pass->count, &pass->room, sizeof *pass->ops);
  struct soft_op *op = &pass->ops[pass->count++];
  memset(op, 0, sizeof *op);
  op->kind = kind;
  return op;
}

void soft_op_fault(struct soft_op *op) {
  struct soft_fault fault = soft_take_fault();
  if (fault.kind == SOFT_FAULT_GPU) op->fault = fault.detail;
  if (fault.kind == SOFT_FAULT_LOST) op->fault = 11;
}

void soft_recording_hold(struct soft_recording *r, id object) {
  if (!object) return;
  r->held = grown(r->held, r->heldCount, &r->heldRoom, sizeof *r->held);
  r->held[r->heldCount++] = soft_hold(object);
}

void soft_recording_use_set(struct soft_recording *r, id set) {
  r->sets = realloc(r->sets, (r->setCount + 1) * sizeof *r->sets);
  r->sets[r->setCount++] = soft_hold(set);
}

void soft_pass_use(struct soft_pass *pass, id resource, uint64_t usage) {
  if (pass->residentCount == pass->residentRoom) {
    pass->residentRoom = pass->residentRoom ? pass->residentRoom * 2 : 16;
    pass->resident = realloc(pass->resident, pass->residentRoom * sizeof(id));
    pass->usage = realloc(pass->usage, pass->residentRoom * sizeof *pass->usage);
  }
  pass->resident[pass->residentCount] = resource;
  pass->usage[pass->residentCount++] = usage;
}

static void free_pass(struct soft_pass *pass) {
  for (size_t i = 0; i < pass->count; i++) free(pass->ops[i].dispatch);
  soft_drop(pass->samples);
  free(pass->ops);
  free(pass->resident);
  free(pass->usage);
  free(pass);
}

void soft_recording_free(struct soft_recording *r) {
  if (!r) return;
  for (size_t i = 0; i < r->count; i++) {
    if (r->items[i].pass) free_pass(r->items[i].pass);
    soft_drop(r->items[i].event);
  }
  for (size_t i = 0; i < r->heldCount; i++) soft_drop(r->held[i]);
  for (size_t i = 0; i < r->setCount; i++) soft_drop(r->sets[i]);
  free(r->items);
  free(r->held);
  free(r->sets);
  free(r);
}

/* A freed object keeps no count: it is reported, and the run will meet it again. */
static void count(id object, int *in_flight, const char *what, int by) {
  if (!object) return;
  if (soft_state_of(object) == SOFT_LIVE)
    __atomic_add_fetch(in_flight, by, __ATOMIC_SEQ_CST);
  else if (by > 0)
    soft_finding("released-before-commit", object, "%s was freed before the commit", what);
}

static void fly_dispatch(const struct soft_dispatch *d, int by) {
  if (d->pipeline) count(d->pipeline, &d->pipeline->inFlight, "a pipeline", by);
  for (int slot = 0; slot < SOFT_SLOTS; slot++) {
    const struct soft_bind *bind = &d->binds[slot];
    if (!(d->bound >> slot & 1)) continue;
    SoftMTLBuffer *buffer = bind->buffer ? bind->buffer : soft_buffer_at(bind->offset);
    if (buffer) count(buffer, &buffer->inFlight, "a bound buffer", by);
  }
}

static void fly_op(const struct soft_op *op, int by) {
  if (op->dispatch) fly_dispatch(op->dispatch, by);
  if (op->table)
    count(op->table, &((SoftMTL4ArgumentTable *)op->table)->inFlight, "an argument table", by);
  if (op->kind == SOFT_EXECUTE) {
    SoftMTLIndirectCommandBuffer *icb = op->a;
    count(icb, &icb->inFlight, "an indirect command buffer", by);
    for (uint64_t i = 0; soft_state_of(icb) == SOFT_LIVE && i < op->size; i++)
      fly_dispatch(&icb->commands[op->from + i], by);
    return;
  }
  if (op->kind != SOFT_FILL && op->kind != SOFT_COPY) return;
  if (op->a) count(op->a, &((SoftMTLBuffer *)op->a)->inFlight, "the source of a copy", by);
  if (op->b) count(op->b, &((SoftMTLBuffer *)op->b)->inFlight, "a destination", by);
}

static void fly_pass(struct soft_pass *pass, int by) {
  if (pass->landed) return;
  for (size_t i = 0; i < pass->count; i++) fly_op(&pass->ops[i], by);
  pass->landed = by < 0;
}

void soft_fly(struct soft_recording *r, int by) {
  for (size_t i = 0; soft_strict() && i < r->count; i++)
    if (r->items[i].pass) fly_pass(r->items[i].pass, by);
}

void soft_land(struct soft_recording *r, size_t items) {
  for (size_t i = 0; soft_strict() && i < items; i++)
    if (r->items[i].pass) fly_pass(r->items[i].pass, -1);
}

void soft_sets_add(struct soft_sets *sets, id set) {
  if (!soft_is(set, "MTLResidencySet", "the residency set")) return;
  for (NSUInteger i = 0; i < sets->count; i++)
    if (sets->sets[i] == set) return;
  if (sets->count == 32) {
    soft_finding("residency-sets", set, "a queue takes at most 32 residency sets");
    return;
  }
  sets->sets[sets->count++] = soft_hold(set);
}

void soft_sets_remove(struct soft_sets *sets, id set) {
  for (NSUInteger i = 0; i < sets->count; i++)
    if (sets->sets[i] == set) {
      soft_drop(set);
      sets->sets[i] = sets->sets[--sets->count];
      return;
    }
}

void soft_sets_clear(struct soft_sets *sets) {
  while (sets->count) soft_drop(sets->sets[--sets->count]);
}
