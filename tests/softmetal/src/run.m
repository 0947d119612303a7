#include "run.h"
#include "counters.h"
#include "events.h"
#include "indirect.h"
#include "metal4.h"
#include <time.h>

/* Runs recordings on a queue's thread. */

enum { COMPLETED = 1, AFFECTED = 2, PENDING = 3, FAULTED = 4 };
enum { APPLE9 = 1009 };

int soft_device_lost;

/* Plugs a lost device in again. */
void soft_device_found(void) { soft_device_lost = 0; }

static bool move_bytes(struct soft_run *run, const struct soft_op *op) {
  SoftMTLBuffer *from = op->a, *to = op->b;
  if ((from && soft_state_of(from) != SOFT_LIVE) || soft_state_of(to) != SOFT_LIVE) {
    soft_finding("released-in-flight", nil, "a buffer of a copy was freed before it ran");
    return soft_run_fail(run, INVALID, "invalid resource: a buffer was freed before it was used");
  }
  bool here = (!from || soft_is_resident(run, from)) && soft_is_resident(run, to);
  if (run->pass->explicit_residency && !here) {
    soft_finding("not-resident", to, "a buffer of a copy is in no residency set");
    return soft_run_fail(run, PAGE_FAULT, "page fault: a buffer that is not resident");
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

static bool run_unit(struct soft_run *run, const struct soft_unit *unit) {
  if (unit->op->fault) return soft_run_fail(run, unit->op->fault, "injected failure on the GPU");
  switch (unit->op->kind) {
    case SOFT_DISPATCH:
    case SOFT_EXECUTE: return soft_run_dispatch(run, unit);
    case SOFT_FILL:
    case SOFT_COPY: return move_bytes(run, unit->op);
    case SOFT_RESOLVE: return soft_resolve_samples(unit->op);
    default: return true;
  }
}

/* Runs what waits, in random order, so that a barrier that is missing shows. */
static bool flush(struct soft_run *run) {
  for (size_t i = run->count; soft_settings.shuffle && i > 1; i--) {
    size_t other = soft_random() % i;
    struct soft_unit swapped = run->units[i - 1];
    run->units[i - 1] = run->units[other];
    run->units[other] = swapped;
  }
  bool ok = true;
  for (size_t i = 0; ok && i < run->count; i++) ok = run_unit(run, &run->units[i]);
  run->count = 0;
  return ok;
}

static struct soft_unit *add(struct soft_run *run, const struct soft_op *op) {
  if (run->count == run->room) {
    run->room = run->room ? run->room * 2 : 64;
    run->units = realloc(run->units, run->room * sizeof *run->units);
  }
  struct soft_unit *unit = &run->units[run->count++];
  unit->op = op;
  unit->indirect = false;
  return unit;
}

/* Before the M3, pipelines of indirect commands must have been set on the encoder itself. */
static bool was_touched(struct soft_run *run, SoftMTLComputePipelineState *pipeline) {
  if (soft_settings.family >= APPLE9 || run->pass->explicit_residency) return true;
  for (NSUInteger i = 0; i < run->pass->touchedCount; i++)
    if (run->pass->touched[i] == pipeline) return true;
  soft_finding("icb-pipeline-not-touched", pipeline,
               "%s: before the M3, a pipeline of indirect commands faults unless the encoder that"
               " executes them has set it", pipeline->name);
  return soft_run_fail(run, PAGE_FAULT, "page fault: the pipeline is not resident");
}

static bool add_command(struct soft_run *run, const struct soft_op *op,
                        SoftMTLIndirectCommandBuffer *icb, const struct soft_dispatch *command) {
  if (soft_is_empty(command)) return true;
  if (command->barrier && !flush(run)) return false;
  struct soft_unit *unit = add(run, op);
  unit->indirect = true;
  unit->dispatch = *command;
  if (icb->inheritPipelineState) unit->dispatch.pipeline = op->dispatch->pipeline;
  if (icb->inheritBuffers) {
    memcpy(unit->dispatch.binds, op->dispatch->binds, sizeof op->dispatch->binds);
    unit->dispatch.bound = op->dispatch->bound;
  }
  if (unit->dispatch.pipeline && soft_state_of(unit->dispatch.pipeline) != SOFT_LIVE) {
    soft_finding("released-in-flight", icb, "the pipeline of a command was freed before it ran");
    return soft_run_fail(run, INVALID, "invalid resource: a pipeline was freed before it was used");
  }
  if (!soft_check_dispatch(icb, &unit->dispatch))
    return soft_run_fail(run, INVALID, "an indirect command breaks a rule");
  if (!unit->dispatch.pipeline->indirect)
    return soft_run_fail(run, PAGE_FAULT, "a pipeline that supports no indirect command buffers");
  return was_touched(run, unit->dispatch.pipeline);
}

static bool add_commands(struct soft_run *run, const struct soft_op *op) {
  if (op->fault) return soft_run_fail(run, op->fault, "injected failure on the GPU");
  SoftMTLIndirectCommandBuffer *icb = op->a;
  if (soft_state_of(icb) != SOFT_LIVE) {
    soft_finding("released-in-flight", icb, "an indirect command buffer was freed before it ran");
    return soft_run_fail(run, INVALID, "invalid resource: an indirect command buffer was freed");
  }
  if (run->pass->explicit_residency && !soft_is_resident(run, icb)) {
    soft_finding("not-resident", icb, "the indirect command buffer is in no residency set");
    return soft_run_fail(run, PAGE_FAULT, "page fault: an indirect command buffer is not resident");
  }
  for (uint64_t i = op->from; i < op->from + op->size; i++)
    if (!add_command(run, op, icb, &icb->commands[i])) return false;
  return true;
}

static bool run_op(struct soft_run *run, const struct soft_op *op) {
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
      struct soft_unit *unit = add(run, op);
      if (op->dispatch) unit->dispatch = *op->dispatch;
      return run->pass->concurrent || flush(run);
    }
  }
}

static bool run_pass(struct soft_run *run, struct soft_pass *pass) {
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

static bool wait(struct soft_run *run, const struct soft_item *item) {
  soft_history_acquire(run->history);
  if (soft_event_wait(item->event, item->value, soft_settings.event_timeout_ms)) return true;
  soft_finding("endless-wait", item->event, "a queue waits for %lu, which nobody signals",
               (unsigned long)item->value);
  return soft_run_fail(run, TIMEOUT, "a wait for an event did not end");
}

static bool run_item(struct soft_run *run, const struct soft_item *item) {
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
  struct soft_run run = {.recording = r, .sets = sets, .history = history, .outcome = outcome};
  *outcome = (struct soft_outcome){.start = soft_now() / 1e9};
  for (int64_t left = r->delay_ms; left > 0; left -= 10) {
    struct timespec part = {0, 10000000};
    nanosleep(&part, NULL);
  }
  if (r->fault == REMOVED) soft_device_lost = 1;
  bool ok = true;
  if (soft_device_lost) ok = soft_run_fail(&run, REMOVED, "the device was removed");
  if (ok && r->fault) ok = soft_run_fail(&run, r->fault, "injected failure on the GPU");
  for (size_t i = 0; ok && i < r->count; i++) ok = run_item(&run, &r->items[i]);
  if (!ok && outcome->code == REMOVED) soft_device_lost = 1;
  if (!ok) mark_rest(r);
  free(run.units);
  soft_history_complete(history, r, soft_now());
  outcome->end = soft_now() / 1e9;
}
