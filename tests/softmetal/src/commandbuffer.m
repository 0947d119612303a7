#include "commands.h"
#include "events.h"
#include "faults.h"

/* Encoders that take part in an error. */
@interface SoftMTLCommandBufferEncoderInfo : NSObject {
 @public
  id label;
  NSInteger errorState;
}
@end

@implementation SoftMTLCommandBufferEncoderInfo
- (id)label {
  return label;
}
- (id)debugSignposts {
  return soft_lend(soft_array(NULL, 0));
}
- (NSInteger)errorState {
  return errorState;
}
- (void)finish {
  soft_drop(label);
}
@end

static id encoder_infos(struct soft_recording *r) {
  id infos[256] = {nil};
  NSUInteger count = 0;
  for (size_t i = 0; i < r->count && count < 256; i++) {
    if (!r->items[i].pass) continue;
    SoftMTLCommandBufferEncoderInfo *info =
        soft_make(objc_lookUpClass("SoftMTLCommandBufferEncoderInfo"));
    info->label = soft_string(r->items[i].pass->label);
    info->errorState = r->items[i].pass->state;
    infos[count++] = info;
  }
  id array = soft_array(infos, count);
  while (count) soft_drop(infos[--count]);
  return array;
}

static id error_of(SoftMTLCommandBuffer *buffer) {
  NSError *error = soft_error("MTLCommandBufferErrorDomain", buffer->outcome.code, "%s",
                              buffer->outcome.text);
  if (buffer->errorOptions & 1) {
    id infos = encoder_infos(buffer->recording);
    id key = soft_string("MTLCommandBufferEncoderInfoErrorKey");
    error->info = soft_dictionary(infos, key);
    soft_drop(infos);
    soft_drop(key);
  }
  return error;
}

static void call(SoftMTLCommandBuffer *buffer, struct soft_handler *handler) {
  while (handler) {
    if (soft_handler_ok(handler, buffer)) handler->block->invoke(handler->block, buffer);
    handler = soft_handler_free(handler, buffer);
  }
}

static void set_status(SoftMTLCommandBuffer *buffer, enum soft_status status, bool done) {
  pthread_mutex_lock(&buffer->lock);
  buffer->status = status;
  buffer->done = done;
  pthread_cond_broadcast(&buffer->changed);
  pthread_mutex_unlock(&buffer->lock);
}

/* On the queue's thread. */
static void run(id job) {
  SoftMTLCommandBuffer *buffer = job;
  set_status(buffer, SOFT_SCHEDULED, false);
  call(buffer, buffer->scheduled);
  buffer->scheduled = NULL;
  soft_run(buffer->recording, &buffer->queue->sets, buffer->queue->history, &buffer->outcome);
  soft_fly(buffer->recording, -1);
  if (buffer->outcome.code) buffer->error = error_of(buffer);
  soft_recording_free(buffer->recording);
  buffer->recording = NULL;
  __atomic_sub_fetch(&buffer->queue->open, 1, __ATOMIC_SEQ_CST);
  enum soft_status end = buffer->outcome.code ? SOFT_ERROR : SOFT_COMPLETED;
  set_status(buffer, end, false);
  call(buffer, buffer->completed);
  buffer->completed = NULL;
  set_status(buffer, end, true);
}

/* Whether something may still be encoded. */
static bool is_open(SoftMTLCommandBuffer *buffer, const char *what) {
  if (buffer->status < SOFT_COMMITTED) return true;
  soft_finding("use-after-commit", buffer, "%s after the commit", what);
  return false;
}

static bool may_encode(SoftMTLCommandBuffer *buffer, const char *what) {
  if (!is_open(buffer, what)) return false;
  if (!buffer->encoder) return true;
  soft_finding("two-encoders", buffer, "%s while another encoder is open", what);
  return false;
}

static void add_handler(SoftMTLCommandBuffer *buffer, Block *block, struct soft_handler ***last) {
  if (!is_open(buffer, "a handler is added")) return;
  struct soft_handler *handler = soft_handler_new(block);
  **last = handler;
  *last = &handler->next;
}

static void await(SoftMTLCommandBuffer *buffer, bool completed) {
  if (buffer->status < SOFT_COMMITTED) {
    soft_finding("wait-before-commit", buffer, "waiting for what was not committed never ends");
    return;
  }
  pthread_mutex_lock(&buffer->lock);
  while (completed ? !buffer->done : buffer->status < SOFT_SCHEDULED)
    pthread_cond_wait(&buffer->changed, &buffer->lock);
  pthread_mutex_unlock(&buffer->lock);
}

static void take_fault(struct soft_recording *recording) {
  struct soft_fault fault = soft_take_fault();
  if (fault.kind == SOFT_FAULT_GPU) recording->fault = fault.detail;
  if (fault.kind == SOFT_FAULT_LOST) recording->fault = 11;
  if (fault.kind == SOFT_FAULT_DELAY) recording->delay_ms = fault.detail;
}

@implementation SoftMTLCommandBuffer
OBJECT(label, setLabel, "NSString")
- (id)device {
  return queue->device;
}
- (id)commandQueue {
  return queue;
}
- (BOOL)retainedReferences {
  return retained;
}
- (NSUInteger)errorOptions {
  return errorOptions;
}
- (NSUInteger)status {
  return status;
}
- (id)error {
  return status == SOFT_ERROR ? error : nil;
}
- (double)GPUStartTime {
  return status >= SOFT_COMPLETED ? outcome.start : 0;
}
- (double)GPUEndTime {
  return status >= SOFT_COMPLETED ? outcome.end : 0;
}
- (double)kernelStartTime {
  return [self GPUStartTime];
}
- (double)kernelEndTime {
  return [self GPUEndTime];
}
- (void)enqueue {
  if (is_open(self, "enqueue")) status = SOFT_ENQUEUED;
}
- (void)commit {
  if (status >= SOFT_COMMITTED) {
    soft_finding("commit-twice", self, "a command buffer is committed once");
    return;
  }
  if (encoder) {
    soft_finding("commit-with-open-encoder", self, "endEncoding is missing");
    ((SoftMTLCommandEncoder *)encoder)->ended = true;
    encoder = nil;
  }
  status = SOFT_COMMITTED;
  take_fault(recording);
  recording->committed = soft_now();
  soft_fly(recording, 1);
  soft_worker_add(queue->worker, run, self);
}
- (void)addScheduledHandler:(Block *)block {
  add_handler(self, block, &lastScheduled);
}
- (void)addCompletedHandler:(Block *)block {
  add_handler(self, block, &lastCompleted);
}
- (void)waitUntilScheduled {
  await(self, false);
}
- (void)waitUntilCompleted {
  await(self, true);
}
- (id)computeCommandEncoder {
  return may_encode(self, "an encoder is made") ? soft_compute_encoder(self, 0) : nil;
}
- (id)computeCommandEncoderWithDispatchType:(NSUInteger)type {
  return may_encode(self, "an encoder is made") ? soft_compute_encoder(self, type) : nil;
}
- (id)computeCommandEncoderWithDescriptor:(id)descriptor {
  return may_encode(self, "an encoder is made") ? soft_compute_encoder_with(self, descriptor) : nil;
}
- (id)blitCommandEncoder {
  return may_encode(self, "an encoder is made") ? soft_blit_encoder(self) : nil;
}
- (void)encodeWaitForEvent:(id)event value:(uint64_t)value {
  if (may_encode(self, "a wait is encoded") && soft_is(event, "MTLEvent", "the event"))
    soft_add_item(recording, SOFT_WAIT, event, value);
}
- (void)encodeSignalEvent:(id)event value:(uint64_t)value {
  if (may_encode(self, "a signal is encoded") && soft_is(event, "MTLEvent", "the event"))
    soft_add_item(recording, SOFT_SIGNAL, event, value);
}
- (void)pushDebugGroup:(id)name {
  soft_is(name, "NSString", "the name");
}
- (void)popDebugGroup {
}
- (void)useResidencySet:(id)set {
  if (is_open(self, "a residency set is used") && soft_is(set, "MTLResidencySet", "the set"))
    soft_recording_use_set(recording, set);
}
- (void)useResidencySets:(const id *)all count:(NSUInteger)count {
  for (NSUInteger i = 0; i < count; i++) [self useResidencySet:all[i]];
}
- (void)finish {
  if (encoder) {
    soft_finding("encoder-left-open", self, "freed with an encoder that was not ended");
    ((SoftMTLCommandEncoder *)encoder)->ended = true;
  }
  if (status < SOFT_COMMITTED) __atomic_sub_fetch(&queue->open, 1, __ATOMIC_SEQ_CST);
  while (scheduled) scheduled = soft_handler_free(scheduled, self);
  while (completed) completed = soft_handler_free(completed, self);
  soft_recording_free(recording);
  soft_drop(queue);
  soft_drop(label);
  soft_drop(error);
  pthread_mutex_destroy(&lock);
  pthread_cond_destroy(&changed);
}
@end
