#include "run.h"

/* A dispatch, from what was encoded to what the executor runs. */

bool soft_run_fail(struct soft_run *run, int64_t code, const char *text) {
  run->outcome->code = code;
  snprintf(run->outcome->text, sizeof run->outcome->text, "%s", text);
  return false;
}

static bool in_sets(const struct soft_run *run, id resource) {
  for (NSUInteger i = 0; i < run->sets->count; i++)
    if (soft_set_holds(run->sets->sets[i], resource)) return true;
  for (size_t i = 0; i < run->recording->setCount; i++)
    if (soft_set_holds(run->recording->sets[i], resource)) return true;
  return false;
}

static uint64_t usage_in_pass(const struct soft_run *run, id resource) {
  uint64_t usage = 0;
  for (NSUInteger i = 0; i < run->pass->residentCount; i++)
    if (run->pass->resident[i] == resource) usage |= run->pass->usage[i] | 1ull << 32;
  return usage;
}

bool soft_is_resident(const struct soft_run *run, SoftMTLResource *resource) {
  id heap = resource->heap;
  return in_sets(run, resource) || usage_in_pass(run, resource)
         || (heap && (in_sets(run, heap) || usage_in_pass(run, heap)));
}

/* Without residency sets, what is written must be named as such: a heap is only made readable. */
static bool may_write(const struct soft_run *run, SoftMTLResource *resource) {
  return in_sets(run, resource) || (resource->heap && in_sets(run, resource->heap))
         || usage_in_pass(run, resource) & 2;
}

/* Metal orders uses of tracked resources that it sees bound or named. */
static bool is_ordered(const struct soft_run *run, const struct soft_unit *unit,
                       SoftMTLBuffer *buffer, bool write) {
  if (run->pass->explicit_residency || !buffer->tracked) return false;
  if (!unit->indirect) return true;
  uint64_t usage = usage_in_pass(run, buffer);
  return write ? usage & 2 : usage & 3;
}

/* The buffer in a slot and the place in it, or NULL with the run failed. */
static SoftMTLBuffer *resolve(struct soft_run *run, const struct soft_unit *unit,
                              const struct soft_argument *a, uint64_t *offset) {
  const struct soft_dispatch *d = &unit->dispatch;
  const struct soft_bind *bind = &d->binds[a->index];
  SoftMTLBuffer *buffer = bind->buffer ? bind->buffer : soft_buffer_at(bind->offset);
  *offset = bind->buffer ? bind->offset : buffer ? bind->offset - buffer->address : 0;
  if (!buffer) {
    soft_finding("bad-address", d->pipeline, "%s: no buffer has the address 0x%lx in slot %u",
                 d->pipeline->name, (unsigned long)bind->offset, a->index);
    soft_run_fail(run, PAGE_FAULT, "page fault: an address that no buffer has");
    return NULL;
  }
  if (soft_state_of(buffer) != SOFT_LIVE) {
    soft_finding("released-in-flight", buffer, "%s: the buffer in slot %u was freed before it ran",
                 d->pipeline->name, a->index);
    soft_run_fail(run, INVALID, "invalid resource: a buffer was freed before it was used");
    return NULL;
  }
  bool named = unit->indirect || run->pass->explicit_residency;
  if (named && !soft_is_resident(run, buffer)) {
    soft_finding("not-resident", buffer,
                 "%s: the buffer in slot %u is in no residency set and not marked as used",
                 d->pipeline->name, a->index);
    soft_run_fail(run, PAGE_FAULT, "page fault: a buffer that is not resident");
    return NULL;
  }
  if (named && a->writes && !may_write(run, buffer))
    soft_finding("usage-without-write", buffer,
                 "%s: slot %u is written, and useResource or useHeap allowed reading only",
                 d->pipeline->name, a->index);
  return buffer;
}

/* The page of a byte; looking at all pages of a model's weights would take too long. */
static bool is_mapped(const uint8_t *byte) {
  return soft_is_mapped((void *)((uintptr_t)byte / soft_page() * soft_page()), soft_page());
}

static bool is_there(struct soft_run *run, const struct soft_unit *unit,
                     const struct soft_argument *a, SoftMTLBuffer *buffer, uint64_t offset) {
  uint64_t bytes = buffer->length - offset;
  if (bytes < a->bytes) {
    soft_finding("binding-too-short", buffer, "%s: slot %u has %lu bytes, '%s' has %lu",
                 unit->dispatch.pipeline->name, a->index, (unsigned long)bytes, a->name,
                 (unsigned long)a->bytes);
    return soft_run_fail(run, PAGE_FAULT, "page fault: a binding is shorter than what it holds");
  }
  bool mapped = is_mapped(buffer->bytes + offset) && is_mapped(buffer->bytes + buffer->length - 1);
  if (buffer->noCopy && !mapped) {
    soft_finding("unmapped-in-flight", buffer, "%s: the memory behind slot %u is not mapped",
                 unit->dispatch.pipeline->name, a->index);
    return soft_run_fail(run, PAGE_FAULT, "page fault: the memory of a buffer is gone");
  }
  return true;
}

static bool fill_slots(struct soft_run *run, const struct soft_unit *unit,
                       struct soft_launch *launch) {
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
static bool set_sizes(struct soft_run *run, const struct soft_dispatch *d,
                      struct soft_launch *launch) {
  const NSUInteger grid[] = {d->groups.width, d->groups.height, d->groups.depth};
  const NSUInteger threads[] = {d->threads.width, d->threads.height, d->threads.depth};
  for (int i = 0; i < 3; i++) {
    launch->groups[i] = d->counts_threads ? grid[i] / threads[i] : grid[i];
    launch->threads[i] = threads[i];
    if (d->counts_threads && grid[i] % threads[i]) {
      soft_finding("ragged-grid", d->pipeline,
                   "%s: threadgroups that are cut at the edge are not run here", d->pipeline->name);
      return soft_run_fail(run, INTERNAL, "a ragged grid");
    }
  }
  return true;
}

bool soft_is_empty(const struct soft_dispatch *d) {
  return d->groups.width * d->groups.height * d->groups.depth == 0;
}

bool soft_run_dispatch(struct soft_run *run, const struct soft_unit *unit) {
  const struct soft_dispatch *d = &unit->dispatch;
  if (soft_is_empty(d)) return true;
  if (soft_state_of(d->pipeline) != SOFT_LIVE) {
    soft_finding("released-in-flight", d->pipeline, "a pipeline was freed before it ran");
    return soft_run_fail(run, INVALID, "invalid resource: a pipeline was freed before it was used");
  }
  struct soft_slot slots[64];
  struct soft_launch launch = {.pipeline = d->pipeline->number, .slots = slots};
  if (!set_sizes(run, d, &launch) || !fill_slots(run, unit, &launch)) return false;
  char text[512] = "";
  if (!soft_executor.dispatch) return soft_run_fail(run, INTERNAL, "nobody runs kernels");
  soft_count("dispatches");
  if (soft_executor.dispatch(&launch, text, sizeof text) == 0) return true;
  char message[sizeof run->outcome->text];
  snprintf(message, sizeof message, "%.60s: %.400s", d->pipeline->name, text);
  return soft_run_fail(run, INTERNAL, message);
}

