#include "commands.h"
#include "faults.h"

@interface MTLCommandQueueDescriptor : NSObject {
 @public
  NSUInteger maxCommandBufferCount;
}
@end

@implementation MTLCommandQueueDescriptor
- (id)init {
  maxCommandBufferCount = 64;
  return self;
}
VALUE(NSUInteger, maxCommandBufferCount, setMaxCommandBufferCount)
@end

@interface MTLCommandBufferDescriptor : NSObject {
 @public
  BOOL retainedReferences;
  NSUInteger errorOptions;
}
@end

@implementation MTLCommandBufferDescriptor
- (id)init {
  retainedReferences = YES;
  return self;
}
VALUE(BOOL, retainedReferences, setRetainedReferences)
VALUE(NSUInteger, errorOptions, setErrorOptions)
@end

id soft_new_queue(id device, NSUInteger most) {
  SoftMTLCommandQueue *queue = soft_make(objc_lookUpClass("SoftMTLCommandQueue"));
  queue->device = device;
  queue->most = most;
  queue->worker = soft_worker_new();
  queue->history = soft_history_new();
  return soft_give(queue);
}

/* The real one blocks the caller here until a command buffer completes; that may be never. */
static id command_buffer(SoftMTLCommandQueue *queue, BOOL retained, NSUInteger options) {
  if (__atomic_add_fetch(&queue->open, 1, __ATOMIC_SEQ_CST) > queue->most)
    soft_finding("too-many-command-buffers", queue,
                 "more than %lu command buffers are not complete: the real queue would block",
                 queue->most);
  SoftMTLCommandBuffer *buffer = soft_make(objc_lookUpClass("SoftMTLCommandBuffer"));
  buffer->queue = soft_hold(queue);
  buffer->retained = retained;
  buffer->errorOptions = options;
  buffer->recording = soft_recording_new();
  buffer->lastScheduled = &buffer->scheduled;
  buffer->lastCompleted = &buffer->completed;
  pthread_mutex_init(&buffer->lock, NULL);
  pthread_cond_init(&buffer->changed, NULL);
  return soft_lend(buffer);
}

@implementation SoftMTLCommandQueue
- (id)commandBuffer {
  return command_buffer(self, YES, 0);
}
- (id)commandBufferWithUnretainedReferences {
  return command_buffer(self, NO, 0);
}
- (id)commandBufferWithDescriptor:(id)given {
  if (!soft_is(given, "MTLCommandBufferDescriptor", "the descriptor")) return nil;
  MTLCommandBufferDescriptor *d = given;
  return command_buffer(self, d->retainedReferences, d->errorOptions);
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
  soft_drop(label);
}
@end
