#include "counters.h"
#include <time.h>
#include "events.h"
#include "hazards.h"
#include "indirect.h"
#include "metal4.h"

/* Runs recordings on a queue's thread. */

enum { INTERNAL = 1, TIMEOUT = 2, PAGE_FAULT = 3, INVALID = 9, REMOVED = 11 };
enum { COMPLETED = 1, AFFECTED = 2, PENDING = 3, FAULTED = 4 };
enum { APPLE9 = 1009 };

int soft_device_lost;

/* Plugs a lost device in again. */
void soft_device_found(void) { soft_device_lost = 0; }

/* A command of a group without order. */
struct unit {
  const struct soft_op *op;
  struct soft_dispatch dispatch; /* where op is a dispatch or an indirect command */
  bool indirect;
};

struct run {
  struct soft_recording *recording;
  struct soft_sets *sets;
  struct soft_history *history;
  struct soft_outcome *outcome;
  struct soft_pass *pass;
  struct unit *units;
  size_t count, room;
};

static bool fail(struct run *run, int64_t code, const char *text) {
  run->outcome->code = code;
  snprintf(run->outcome->text, sizeof run->outcome->text, "%s", text);
  return false;
}

static bool in_sets(const struct run *run, id resource) {
  for (NSUInteger i = 0; i < run->sets->count; i++)
    if (soft_set_holds(run->sets->sets[i], resource)) return true;
  for (size_t i = 0; i < run->recording->setCount; i++)
    if (soft_set_holds(run->recording->sets[i], resource)) return true;
  return false;
}

static uint64_t usage_in_pass(const struct run *run, id resource) {
  uint64_t usage = 0;
  for (NSUInteger i = 0; i < run->pass->residentCount; i++)
    if (run->pass->resident[i] == resource) usage |= run->pass->usage[i] | 1ull << 32;
  return usage;
}

static bool is_resident(const struct run *run, SoftMTLResource *resource) {
  return in_sets(run, resource) || usage_in_pass(run, resource)
         || (resource->heap && (in_sets(run, resource->heap) || usage_in_pass(run, resource->heap)));
}

/* Without residency sets, what is written must be named as such: a heap is only made readable. */
static bool may_write(const struct run *run, SoftMTLResource *resource) {
  return in_sets(run, resource) || (resource->heap && in_sets(run, resource->heap))
         || usage_in_pass(run, resource) & 2;
}

/* Metal orders uses of tracked resources that it sees bound or named. */
static bool is_ordered(const struct run *run, const struct unit *unit, SoftMTLBuffer *buffer,
                       bool write) {
  if (run->pass->explicit_residency || !buffer->tracked) return false;
  if (!unit->indirect) return true;
  uint64_t usage = usage_in_pass(run, buffer);
  return write ? usage & 2 : usage & 3;
}

/* The buffer in a slot and the place in it, or NULL with the run failed. */
static SoftMTLBuffer *resolve(struct run *run, const struct unit *unit,
                              const struct soft_argument *a, uint64_t *offset) {
  const struct soft_dispatch *d = &unit->dispatch;
  const struct soft_bind *bind = &d->binds[a->index];
  SoftMTLBuffer *buffer = bind->buffer ? bind->buffer : soft_buffer_at(bind->offset);
  *offset = bind->buffer ? bind->offset : buffer ? bind->offset - buffer->address : 0;
  if (!buffer) {
    soft_finding("bad-address", d->pipeline, "%s: no buffer has the address 0x%lx in slot %u",
                 d->pipeline->name, (unsigned long)bind->offset, a->index);
    fail(run, PAGE_FAULT, "page fault: an address that no buffer has");
    return NULL;
  }
  if (soft_state_of(buffer) != SOFT_LIVE) {
    soft_finding("released-in-flight", buffer, "%s: the buffer in slot %u was freed before it ran",
                 d->pipeline->name, a->index);
    fail(run, INVALID, "invalid resource: a buffer was freed before it was used");
    return NULL;
  }
  bool named = unit->indirect || run->pass->explicit_residency;
  if (named && !is_resident(run, buffer)) {
    soft_finding("not-resident", buffer,
                 "%s: the buffer in slot %u is in no residency set and not marked as used",
                 d->pipeline->name, a->index);
    fail(run, PAGE_FAULT, "page fault: a buffer that is not resident");
    return NULL;
  }
  if (named && a->writes && !may_write(run, buffer))
    soft_finding("usage-without-write", buffer,
                 "%s: slot %u is written, and useResource or useHeap allowed reading only",
                 d->pipeline->name, a->index);
  return buffer;
}

static bool is_there(struct run *run, const struct unit *unit, const struct soft_argument *a,
                     SoftMTLBuffer *buffer, uint64_t offset) {
  uint64_t bytes = buffer->length - offset;
  if (bytes < a->bytes) {
    soft_finding("binding-too-short", buffer, "%s: slot %u has %lu bytes, '%s' has %lu",
                 unit->dispatch.pipeline->name, a->index, (unsigned long)bytes, a->name,
                 (unsigned long)a->bytes);
    return fail(run, PAGE_FAULT, "page fault: a binding is shorter than what it holds");
  }
  uintptr_t first = (uintptr_t)(buffer->bytes + offset) / soft_page() * soft_page();
  uintptr_t last = (uintptr_t)(buffer->bytes + buffer->length - 1) / soft_page() * soft_page();
  if (buffer->noCopy
      && !(soft_is_mapped((void *)first, soft_page()) && soft_is_mapped((void *)last, soft_page()))) {
    soft_finding("unmapped-in-flight", buffer, "%s: the memory behind slot %u is not mapped",
                 unit->dispatch.pipeline->name, a->index);
    return fail(run, PAGE_FAULT, "page fault: the memory of a buffer is gone");
  }
  return true;
}

static bool fill_slots(struct run *run, const struct unit *unit, struct soft_launch *launch) {
  const SoftMTLComputePipelineState *p = unit->dispatch.pipeline;
  for (NSUInteger i = 0; i < p->argumentCount; i++) {
    const struct soft_argument *a = &p->arguments[i];
    if (a->optional && !(unit->dispatch.bound >> a->index & 1)) continue;
    struct soft_slot *slot = &launch->slots[launch->count++];
    if (a->threadgroup) {
      *slot = (struct soft_slot){a->index, SOFT_SLOT_THREADGROUP, NULL,
                                 unit->dispatch.threadgroup[a->index]};
      continue;
    }
    uint64_t offset;
    SoftMTLBuffer *buffer = resolve(run, unit, a, &offset);
    if (!buffer || !is_there(run, unit, a, buffer, offset)) return false;
    *slot = (struct soft_slot){a->index, SOFT_SLOT_BUFFER, buffer->bytes + offset,
                               buffer->length - offset};
    soft_history_touch(run->history, buffer, a->writes, is_ordered(run, unit, buffer, a->writes));
  }
  return true;
}

/* Threadgroups of a grid; those at the edge must be whole here. */
static bool set_sizes(struct run *run, const struct soft_dispatch *d, struct soft_launch *launch) {
  const NSUInteger grid[] = {d->groups.width, d->groups.height, d->groups.depth};
  const NSUInteger threads[] = {d->threads.width, d->threads.height, d->threads.depth};
  for (int i = 0; i < 3; i++) {
    launch->groups[i] = d->counts_threads ? grid[i] / threads[i] : grid[i];
    launch->threads[i] = threads[i];
    if (d->counts_threads && grid[i] % threads[i]) {
      soft_finding("ragged-grid", d->pipeline,
                   "%s: threadgroups that are cut at the edge are not run here", d->pipeline->name);
      return fail(run, INTERNAL, "a ragged grid");
    }
  }
  return true;
}

static bool is_empty(const struct soft_dispatch *d) {
  return d->groups.width * d->groups.height * d->groups.depth == 0;
}

static bool run_dispatch(struct run *run, const struct unit *unit) {
  const struct soft_dispatch *d = &unit->dispatch;
  if (is_empty(d)) return true;
  if (soft_state_of(d->pipeline) != SOFT_LIVE) {
    soft_finding("released-in-flight", d->pipeline, "a pipeline was freed before it ran");
    return fail(run, INVALID, "invalid resource: a pipeline was freed before it was used");
  }
  struct soft_slot slots[64];
  struct soft_launch launch = {.pipeline = d->pipeline->number, .slots = slots};
  if (!set_sizes(run, d, &launch) || !fill_slots(run, unit, &launch)) return false;
  char text[512] = "";
  if (!soft_executor.dispatch) return fail(run, INTERNAL, "nobody runs kernels");
  soft_count("dispatches");
  if (soft_executor.dispatch(&launch, text, sizeof text) == 0) return true;
  char message[sizeof run->outcome->text];
  snprintf(message, sizeof message, "%.60s: %.400s", d->pipeline->name, text);
  return fail(run, INTERNAL, message);
}

static bool move_bytes(struct run *run, const struct soft_op *op) {
  SoftMTLBuffer *from = op->a, *to = op->b;
  if ((from && soft_state_of(from) != SOFT_LIVE) || soft_state_of(to) != SOFT_LIVE) {
    soft_finding("released-in-flight", nil, "a buffer of a copy was freed before it ran");
    return fail(run, INVALID, "invalid resource: a buffer was freed before it was used");
  }
  if (run->pass->explicit_residency && ((from && !is_resident(run, from)) || !is_resident(run, to))) {
    soft_finding("not-resident", to, "a buffer of a copy is in no residency set");
    return fail(run, PAGE_FAULT, "page fault: a buffer that is not resident");
  }
  bool seen = !run->pass->explicit_residency;
  if (from) soft_history_touch(run->history, from, false, seen && from->tracked);
  soft_history_touch(run->history, to, true, seen && to->tracked);
  if (op->kind == SOFT_FILL)
    memset(to->bytes + op->to, op->value, op->size);
  else
    memmove(to->bytes + op->to, from->bytes + op->from, op->size);
  return true;
}

static bool run_unit(struct run *run, const struct unit *unit) {
  if (unit->op->fault) return fail(run, unit->op->fault, "injected failure on the GPU");
  switch (unit->op->kind) {
    case SOFT_DISPATCH:
    case SOFT_EXECUTE: return run_dispatch(run, unit);
    case SOFT_FILL:
    case SOFT_COPY: return move_bytes(run, unit->op);
    case SOFT_RESOLVE: return soft_resolve_samples(unit->op);
    default: return true;
  }
}

/* Runs what waits, in random order, so that a barrier that is missing shows. */
static bool flush(struct run *run) {
  for (size_t i = run->count; soft_settings.shuffle && i > 1; i--) {
    size_t other = soft_random() % i;
    struct unit swapped = run->units[i - 1];
    run->units[i - 1] = run->units[other];
    run->units[other] = swapped;
  }
  bool ok = true;
  for (size_t i = 0; ok && i < run->count; i++) ok = run_unit(run, &run->units[i]);
  run->count = 0;
  return ok;
}

static struct unit *add(struct run *run, const struct soft_op *op) {
  if (run->count == run->room) {
    run->room = run->room ? run->room * 2 : 64;
    run->units = realloc(run->units, run->room * sizeof *run->units);
  }
  struct unit *unit = &run->units[run->count++];
  unit->op = op;
  unit->indirect = false;
  return unit;
}

/* Before the M3, pipelines of indirect commands must have been set on the encoder itself. */
static bool was_touched(struct run *run, SoftMTLComputePipelineState *pipeline) {
  if (soft_settings.family >= APPLE9 || run->pass->explicit_residency) return true;
  for (NSUInteger i = 0; i < run->pass->touchedCount; i++)
    if (run->pass->touched[i] == pipeline) return true;
  soft_finding("icb-pipeline-not-touched", pipeline,
               "%s: before the M3, a pipeline of indirect commands faults unless the encoder that"
               " executes them has set it", pipeline->name);
  return fail(run, PAGE_FAULT, "page fault: the pipeline of an indirect command is not resident");
}

static bool add_command(struct run *run, const struct soft_op *op,
                        SoftMTLIndirectCommandBuffer *icb, const struct soft_dispatch *command) {
  if (is_empty(command)) return true;
  if (command->barrier && !flush(run)) return false;
  struct unit *unit = add(run, op);
  unit->indirect = true;
  unit->dispatch = *command;
  if (icb->inheritPipelineState) unit->dispatch.pipeline = op->dispatch->pipeline;
  if (icb->inheritBuffers) {
    memcpy(unit->dispatch.binds, op->dispatch->binds, sizeof op->dispatch->binds);
    unit->dispatch.bound = op->dispatch->bound;
  }
  if (unit->dispatch.pipeline && soft_state_of(unit->dispatch.pipeline) != SOFT_LIVE) {
    soft_finding("released-in-flight", icb, "the pipeline of a command was freed before it ran");
    return fail(run, INVALID, "invalid resource: a pipeline was freed before it was used");
  }
  if (!soft_check_dispatch(icb, &unit->dispatch))
    return fail(run, INVALID, "an indirect command breaks a rule");
  if (!unit->dispatch.pipeline->indirect)
    return fail(run, PAGE_FAULT, "a pipeline without support for indirect command buffers");
  return was_touched(run, unit->dispatch.pipeline);
}

static bool add_commands(struct run *run, const struct soft_op *op) {
  if (op->fault) return fail(run, op->fault, "injected failure on the GPU");
  SoftMTLIndirectCommandBuffer *icb = op->a;
  if (soft_state_of(icb) != SOFT_LIVE) {
    soft_finding("released-in-flight", icb, "an indirect command buffer was freed before it ran");
    return fail(run, INVALID, "invalid resource: an indirect command buffer was freed");
  }
  if (run->pass->explicit_residency && !is_resident(run, icb)) {
    soft_finding("not-resident", icb, "the indirect command buffer is in no residency set");
    return fail(run, PAGE_FAULT, "page fault: an indirect command buffer that is not resident");
  }
  for (uint64_t i = op->from; i < op->from + op->size; i++)
    if (!add_command(run, op, icb, &icb->commands[i])) return false;
  return true;
}

static bool run_op(struct run *run, const struct soft_op *op) {
  switch (op->kind) {
    case SOFT_BARRIER: return flush(run);
    case SOFT_QUEUE_BARRIER:
      if (!flush(run)) return false;
      if (op->value)
        soft_history_release(run->history);
      else
        soft_history_acquire(run->history);
      return true;
    case SOFT_STAMP:
      if (!flush(run)) return false;
      ((SoftMTL4CounterHeap *)op->a)->stamps[op->from] = soft_now();
      return true;
    case SOFT_EXECUTE: return add_commands(run, op) && (run->pass->concurrent || flush(run));
    default: {
      struct unit *unit = add(run, op);
      if (op->dispatch) unit->dispatch = *op->dispatch;
      return run->pass->concurrent || flush(run);
    }
  }
}

static bool run_pass(struct run *run, struct soft_pass *pass) {
  run->pass = pass;
  run->count = 0;
  pass->state = FAULTED;
  soft_history_begin(run->history, run->recording, pass);
  soft_take_sample(pass->samples, pass->sampleStart);
  bool ok = true;
  for (size_t i = 0; ok && i < pass->count; i++) ok = run_op(run, &pass->ops[i]);
  ok = ok && flush(run);
  soft_take_sample(pass->samples, pass->sampleEnd);
  soft_history_end(run->history);
  if (ok) pass->state = COMPLETED;
  return ok;
}

static bool wait(struct run *run, const struct soft_item *item) {
  soft_history_acquire(run->history);
  if (soft_event_wait(item->event, item->value, soft_settings.event_timeout_ms)) return true;
  soft_finding("endless-wait", item->event, "a queue waits for %lu, which nobody signals",
               (unsigned long)item->value);
  return fail(run, TIMEOUT, "a wait for an event did not end");
}

static bool run_item(struct run *run, const struct soft_item *item) {
  switch (item->kind) {
    case SOFT_SIGNAL:
      soft_land(run->recording, item - run->recording->items);
      soft_history_complete(run->history, run->recording, soft_now());
      soft_event_signal(item->event, item->value);
      return true;
    case SOFT_WAIT: return wait(run, item);
    default: return !soft_strict() || run_pass(run, item->pass);
  }
}

static void mark_rest(struct soft_recording *r) {
  for (size_t i = 0; i < r->count; i++)
    if (r->items[i].pass && r->items[i].pass->state == 0) r->items[i].pass->state = PENDING;
}

void soft_run(struct soft_recording *r, struct soft_sets *sets, struct soft_history *history,
              struct soft_outcome *outcome) {
  struct run run = {.recording = r, .sets = sets, .history = history, .outcome = outcome};
  *outcome = (struct soft_outcome){.start = soft_now() / 1e9};
  for (int64_t left = r->delay_ms; left > 0; left -= 10) {
    struct timespec part = {0, 10000000};
    nanosleep(&part, NULL);
  }
  if (r->fault == REMOVED) soft_device_lost = 1;
  bool ok = true;
  if (soft_device_lost) ok = fail(&run, REMOVED, "the device was removed");
  if (ok && r->fault) ok = fail(&run, r->fault, "injected failure on the GPU");
  for (size_t i = 0; ok && i < r->count; i++) ok = run_item(&run, &r->items[i]);
  if (!ok && outcome->code == REMOVED) soft_device_lost = 1;
  if (!ok) mark_rest(r);
  free(run.units);
  soft_history_complete(history, r, soft_now());
  outcome->end = soft_now() / 1e9;
}
