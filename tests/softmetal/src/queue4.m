#include "blocks.h"
#include "events.h"
#include "faults.h"
#include "metal4.h"

@interface MTL4CommandQueueDescriptor : NSObject
@end
@implementation MTL4CommandQueueDescriptor
@end

@interface MTL4CommitOptions : NSObject {
 @public
  struct soft_handler *handlers;
}
@end

@implementation MTL4CommitOptions
- (void)addFeedbackHandler:(Block *)block {
  struct soft_handler *handler = soft_handler_new(block), **last = &handlers;
  while (*last) last = &(*last)->next;
  *last = handler;
}
- (void)finish {
  while (handlers) handlers = soft_handler_free(handlers, self);
}
@end

@interface SoftMTL4CommitFeedback : NSObject {
 @public
  id error;
  double start, end;
}
@end

@implementation SoftMTL4CommitFeedback
- (id)error {
  return error;
}
- (double)GPUStartTime {
  return start;
}
- (double)GPUEndTime {
  return end;
}
- (void)finish {
  soft_drop(error);
}
@end

/* What one commit hands to the queue's thread. */
@interface SoftCommit : NSObject {
 @public
  SoftMTL4CommandQueue *queue;
  MTL4CommitOptions *options;
  struct soft_recording *recordings[64];
  SoftMTL4CommandAllocator *allocators[64];
  NSUInteger count;
}
@end

@implementation SoftCommit
- (void)finish {
  for (NSUInteger i = 0; i < count; i++) {
    soft_recording_free(recordings[i]);
    soft_drop(allocators[i]);
  }
  soft_drop(options);
  soft_drop(queue);
}
@end

/* Codes of command buffers, as queues of Metal 4 number them. */
static NSInteger queue_error(int64_t code) {
  switch (code) {
    case 2: return 1;
    case 7: return 2;
    case 8: return 3;
    case 11: return 4;
    case 4: return 5;
    default: return 6;
  }
}

static void give_feedback(SoftCommit *commit, const struct soft_outcome *outcome) {
  struct soft_handler *h = commit->options ? commit->options->handlers : NULL;
  for (; h; h = h->next) {
    if (!soft_handler_ok(h, commit->options)) continue;
    SoftMTL4CommitFeedback *feedback = soft_make(objc_lookUpClass("SoftMTL4CommitFeedback"));
    feedback->start = outcome->start;
    feedback->end = outcome->end;
    if (outcome->code)
      feedback->error = soft_error("MTL4CommandQueueErrorDomain", queue_error(outcome->code), "%s",
                                   outcome->text);
    h->block->invoke(h->block, feedback);
    soft_drop(feedback);
  }
}

static void run(id job) {
  SoftCommit *commit = job;
  struct soft_outcome whole = {0}, one;
  for (NSUInteger i = 0; i < commit->count; i++) {
    soft_run(commit->recordings[i], &commit->queue->sets, commit->queue->history, &one);
    soft_fly(commit->recordings[i], -1);
    if (commit->allocators[i])
      __atomic_sub_fetch(&commit->allocators[i]->inFlight, 1, __ATOMIC_SEQ_CST);
    if (i == 0) whole = one;
    whole.end = one.end;
    if (one.code && !whole.code) whole = one;
  }
  give_feedback(commit, &whole);
}

static SoftCommit *new_commit(SoftMTL4CommandQueue *queue) {
  SoftCommit *commit = soft_make(objc_lookUpClass("SoftCommit"));
  commit->queue = soft_hold(queue);
  return commit;
}

static void send(SoftCommit *commit) {
  soft_worker_add(commit->queue->worker, run, commit);
  soft_drop(commit);
}

/* Moves what a command buffer recorded into the commit; the buffer may be begun again. */
static void take(SoftCommit *commit, SoftMTL4CommandBuffer *buffer) {
  if (!soft_is(buffer, "MTL4CommandBuffer", "a command buffer")) return;
  if (buffer->phase != SOFT_ENCODED || commit->count == 64) {
    soft_finding(buffer->phase == SOFT_IDLE ? "commit-twice" : "commit-before-end", buffer,
                 buffer->phase == SOFT_IDLE ? "committed again, or never begun"
                                            : "endCommandBuffer is missing");
    return;
  }
  commit->recordings[commit->count] = buffer->recording;
  commit->allocators[commit->count++] = buffer->allocator;
  buffer->recording->committed = soft_now();
  __atomic_add_fetch(&buffer->allocator->inFlight, 1, __ATOMIC_SEQ_CST);
  soft_fly(buffer->recording, 1);
  buffer->recording = NULL;
  buffer->allocator = nil;
  buffer->phase = SOFT_IDLE;
}

static void take_fault(SoftCommit *commit) {
  struct soft_fault fault = soft_take_fault();
  if (commit->count == 0) return;
  if (fault.kind == SOFT_FAULT_GPU) commit->recordings[0]->fault = fault.detail;
  if (fault.kind == SOFT_FAULT_LOST) commit->recordings[0]->fault = 11;
  if (fault.kind == SOFT_FAULT_DELAY) commit->recordings[0]->delay_ms = fault.detail;
}

static void send_item(SoftMTL4CommandQueue *queue, enum soft_item_kind kind, id event,
                      uint64_t value) {
  if (!soft_is(event, "MTLEvent", "the event")) return;
  SoftCommit *commit = new_commit(queue);
  commit->recordings[commit->count++] = soft_recording_new();
  commit->recordings[0]->committed = soft_now();
  soft_add_item(commit->recordings[0], kind, event, value);
  send(commit);
}

id soft_new_queue4(id device) {
  SoftMTL4CommandQueue *queue = soft_make(objc_lookUpClass("SoftMTL4CommandQueue"));
  queue->device = device;
  queue->worker = soft_worker_new();
  queue->history = soft_history_new();
  return soft_give(queue);
}

static void commit(SoftMTL4CommandQueue *queue, const id *buffers, NSUInteger count, id options) {
  if (!soft_is_or_nil(options, "MTL4CommitOptions", "the options")) return;
  SoftCommit *commit = new_commit(queue);
  commit->options = soft_hold(options);
  for (NSUInteger i = 0; i < count; i++) take(commit, buffers[i]);
  take_fault(commit);
  send(commit);
}

@implementation SoftMTL4CommandQueue
- (void)commit:(const id *)buffers count:(NSUInteger)count {
  commit(self, buffers, count, nil);
}
- (void)commit:(const id *)buffers count:(NSUInteger)count options:(id)options {
  commit(self, buffers, count, options);
}
- (void)signalEvent:(id)event value:(uint64_t)value {
  send_item(self, SOFT_SIGNAL, event, value);
}
- (void)waitForEvent:(id)event value:(uint64_t)value {
  send_item(self, SOFT_WAIT, event, value);
}
- (void)addResidencySet:(id)set {
  soft_sets_add(&sets, set);
}
- (void)addResidencySets:(const id *)all count:(NSUInteger)count {
  for (NSUInteger i = 0; i < count; i++) soft_sets_add(&sets, all[i]);
}
- (void)removeResidencySet:(id)set {
  soft_sets_remove(&sets, set);
}
- (void)removeResidencySets:(const id *)all count:(NSUInteger)count {
  for (NSUInteger i = 0; i < count; i++) soft_sets_remove(&sets, all[i]);
}
- (void)finish {
  soft_worker_end(worker);
  soft_sets_clear(&sets);
  soft_history_free(history);
}
@end
