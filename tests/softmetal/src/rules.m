#include "recording.h"

/* Rules that hold where a command is encoded. */

bool soft_check_slot(id encoder, NSUInteger index, NSUInteger slots) {
  if (index < slots) return true;
  soft_finding("slot-range", encoder, "slot %lu of %lu", index, slots);
  return false;
}

bool soft_check_bind(id encoder, id given, NSUInteger offset, NSUInteger index,
                     NSUInteger slots) {
  if (!soft_check_slot(encoder, index, slots)) return false;
  if (!soft_strict()) return given != nil;
  if (!soft_is(given, "MTLBuffer", "the buffer")) return false;
  SoftMTLBuffer *buffer = given;
  if (offset < buffer->length) return true;
  soft_finding("offset-range", encoder, "offset %lu in a buffer of %lu bytes, slot %lu", offset,
               buffer->length, index);
  return false;
}

static NSUInteger volume(MTLSize size) { return size.width * size.height * size.depth; }

static bool check_threads(id encoder, const struct soft_dispatch *d) {
  NSUInteger threads = volume(d->threads);
  if (threads == 0) {
    soft_finding("threadgroup-size", encoder, "%s: a threadgroup of no threads",
                 d->pipeline->name);
    return false;
  }
  if (threads > d->pipeline->maxThreads) {
    soft_finding("threadgroup-size", encoder, "%s: %lu threads, the pipeline allows %lu",
                 d->pipeline->name, threads, d->pipeline->maxThreads);
    return false;
  }
  return true;
}

static bool check_threadgroup_memory(id encoder, const struct soft_dispatch *d) {
  uint64_t sum = d->pipeline->staticBytes;
  for (int i = 0; i < SOFT_SLOTS; i++) {
    if (d->threadgroup[i] % 16)
      soft_finding("threadgroup-memory", encoder, "%s: length %lu is no multiple of 16",
                   d->pipeline->name, (unsigned long)d->threadgroup[i]);
    sum += d->threadgroup[i];
  }
  if (sum <= SOFT_THREADGROUP_BYTES) return true;
  soft_finding("threadgroup-memory", encoder, "%s: %lu bytes of threadgroup memory, at most %d",
               d->pipeline->name, (unsigned long)sum, SOFT_THREADGROUP_BYTES);
  return false;
}

static bool check_arguments(id encoder, const struct soft_dispatch *d) {
  bool all = true;
  for (NSUInteger i = 0; i < d->pipeline->argumentCount; i++) {
    const struct soft_argument *a = &d->pipeline->arguments[i];
    bool given = a->threadgroup ? d->threadgroup[a->index] > 0 : d->bound >> a->index & 1;
    if (given || a->optional) continue;
    soft_finding("unbound-slot", encoder, "%s: nothing is bound to %s %u, '%s'",
                 d->pipeline->name, a->threadgroup ? "threadgroup memory" : "buffer", a->index,
                 a->name);
    all = false;
  }
  return all;
}

/* A grid without threadgroups touches a pipeline and runs nothing. */
bool soft_check_dispatch(id encoder, const struct soft_dispatch *d) {
  if (!d->pipeline) {
    soft_finding("no-pipeline", encoder, "a dispatch before any pipeline is set");
    return false;
  }
  if (!soft_strict() || volume(d->groups) == 0) return true;
  return check_threads(encoder, d) && check_threadgroup_memory(encoder, d)
         && check_arguments(encoder, d);
}
