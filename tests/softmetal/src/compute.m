#include "commands.h"
#include "counters.h"
#include "faults.h"
#include "indirect.h"

/* Attachments: up to four, made when asked for. */
@interface MTLComputePassSampleBufferAttachmentDescriptor : NSObject {
 @public
  id sampleBuffer;
  NSUInteger startOfEncoderSampleIndex, endOfEncoderSampleIndex;
}
@end

@interface MTLComputePassSampleBufferAttachmentDescriptorArray : NSObject {
 @public
  id items[4];
}
@end

@implementation MTLComputePassSampleBufferAttachmentDescriptorArray
- (id)objectAtIndexedSubscript:(NSUInteger)index {
  if (!soft_check_slot(self, index, 4)) return nil;
  if (!items[index])
    items[index] = soft_make(objc_lookUpClass("MTLComputePassSampleBufferAttachmentDescriptor"));
  return items[index];
}
- (void)setObject:(id)item atIndexedSubscript:(NSUInteger)index {
  if (soft_check_slot(self, index, 4)
      && soft_is_or_nil(item, "MTLComputePassSampleBufferAttachmentDescriptor", "the attachment"))
    soft_assign(&items[index], item);
}
- (void)finish {
  for (int i = 0; i < 4; i++) soft_drop(items[i]);
}
@end

@interface MTLComputePassDescriptor : NSObject {
 @public
  NSUInteger dispatchType;
  id sampleBufferAttachments;
}
@end

@implementation MTLComputePassDescriptor
+ (id)computePassDescriptor {
  return soft_lend(soft_make((Class)self));
}
VALUE(NSUInteger, dispatchType, setDispatchType)
- (id)sampleBufferAttachments {
  if (!sampleBufferAttachments)
    sampleBufferAttachments =
        soft_make(objc_lookUpClass("MTLComputePassSampleBufferAttachmentDescriptorArray"));
  return sampleBufferAttachments;
}
- (void)finish {
  soft_drop(sampleBufferAttachments);
}
@end

id soft_compute_encoder_with(SoftMTLCommandBuffer *buffer, id given) {
  if (!soft_is(given, "MTLComputePassDescriptor", "the descriptor")) return nil;
  MTLComputePassDescriptor *d = given;
  SoftMTLComputeCommandEncoder *encoder = soft_compute_encoder(buffer, d->dispatchType);
  MTLComputePassSampleBufferAttachmentDescriptorArray *all = d->sampleBufferAttachments;
  MTLComputePassSampleBufferAttachmentDescriptor *first = all ? all->items[0] : nil;
  if (first && first->sampleBuffer
      && soft_check_sample(encoder, first->sampleBuffer, first->startOfEncoderSampleIndex)
      && soft_check_sample(encoder, first->sampleBuffer, first->endOfEncoderSampleIndex)) {
    encoder->pass->samples = soft_hold(first->sampleBuffer);
    encoder->pass->sampleStart = first->startOfEncoderSampleIndex;
    encoder->pass->sampleEnd = first->endOfEncoderSampleIndex;
  }
  return encoder;
}

static void dispatch(SoftMTLComputeCommandEncoder *encoder, MTLSize grid, MTLSize threads,
                     bool counts_threads) {
  if (!soft_open_pass(encoder) || !soft_strict()) return;
  encoder->state.groups = grid;
  encoder->state.threads = threads;
  encoder->state.counts_threads = counts_threads;
  if (!soft_check_dispatch(encoder, &encoder->state)) return;
  struct soft_op *op = soft_add_op(encoder->pass, SOFT_DISPATCH);
  op->dispatch = malloc(sizeof *op->dispatch);
  *op->dispatch = encoder->state;
  soft_op_fault(op);
}

/* Data that is set without a buffer lies in one of its own. */
static SoftMTLBuffer *bytes_buffer(SoftMTLComputeCommandEncoder *encoder, const void *bytes,
                                   NSUInteger length) {
  SoftMTLBuffer *buffer = soft_new_buffer(encoder->commandBuffer->queue->device, length, 0);
  memcpy(buffer->bytes, bytes, length);
  soft_recording_hold(encoder->commandBuffer->recording, buffer);
  soft_caller_release(buffer);
  return buffer;
}

static void bind(SoftMTLComputeCommandEncoder *encoder, id buffer, NSUInteger offset,
                 NSUInteger index) {
  if (!buffer) {
    if (soft_check_slot(encoder, index, SOFT_SLOTS)) encoder->state.bound &= ~(1u << index);
    return;
  }
  if (!soft_check_bind(encoder, buffer, offset, index, SOFT_SLOTS)) return;
  encoder->state.binds[index] = (struct soft_bind){buffer, offset};
  encoder->state.bound |= 1u << index;
  soft_keep(encoder, buffer);
}

@implementation SoftMTLComputeCommandEncoder
- (NSUInteger)dispatchType {
  return pass->concurrent;
}
- (void)setComputePipelineState:(id)pipeline {
  if (!soft_open_pass(self) || !soft_is(pipeline, "MTLComputePipelineState", "the pipeline"))
    return;
  state.pipeline = pipeline;
  if (soft_strict()) soft_keep(self, pipeline);
  if (pass->touchedCount < 64) pass->touched[pass->touchedCount++] = pipeline;
}
- (void)setBytes:(const void *)bytes length:(NSUInteger)length atIndex:(NSUInteger)index {
  if (!soft_open_pass(self) || !soft_check_slot(self, index, SOFT_SLOTS)) return;
  if (length == 0 || length > 4096) {
    soft_finding("set-bytes-length", self, "%lu bytes, 1 to 4096 are allowed", length);
    return;
  }
  if (soft_strict()) bind(self, bytes_buffer(self, bytes, length), 0, index);
}
- (void)setBuffer:(id)buffer offset:(NSUInteger)offset atIndex:(NSUInteger)index {
  if (soft_open_pass(self) && soft_strict()) bind(self, buffer, offset, index);
}
- (void)setBufferOffset:(NSUInteger)offset atIndex:(NSUInteger)index {
  if (!soft_open_pass(self) || !soft_check_slot(self, index, SOFT_SLOTS)) return;
  if (!(state.bound >> index & 1)) {
    soft_finding("unbound-slot", self, "an offset for slot %lu, which has no buffer", index);
    return;
  }
  bind(self, state.binds[index].buffer, offset, index);
}
- (void)setBuffers:(const id *)buffers
           offsets:(const NSUInteger *)offsets
         withRange:(NSRange)range {
  if (!soft_open_pass(self) || !soft_strict()) return;
  for (NSUInteger i = 0; i < range.length; i++)
    bind(self, buffers[i], offsets[i], range.location + i);
}
- (void)setThreadgroupMemoryLength:(NSUInteger)length atIndex:(NSUInteger)index {
  if (soft_open_pass(self) && soft_check_slot(self, index, SOFT_SLOTS))
    state.threadgroup[index] = length;
}
- (void)dispatchThreadgroups:(MTLSize)groups threadsPerThreadgroup:(MTLSize)threads {
  dispatch(self, groups, threads, false);
}
- (void)dispatchThreads:(MTLSize)grid threadsPerThreadgroup:(MTLSize)threads {
  dispatch(self, grid, threads, true);
}
- (void)updateFence:(id)fence {
  if (soft_open_pass(self) && soft_is(fence, "MTLFence", "the fence")) pass->updates = fence;
}
- (void)waitForFence:(id)fence {
  if (soft_open_pass(self) && soft_is(fence, "MTLFence", "the fence")) pass->waits = fence;
}
- (void)useResource:(id)resource usage:(NSUInteger)usage {
  if (!soft_open_pass(self) || !soft_is(resource, "MTLResource", "the resource")) return;
  soft_pass_use(pass, resource, usage);
  soft_keep(self, resource);
}
- (void)useResources:(const id *)resources count:(NSUInteger)count usage:(NSUInteger)usage {
  for (NSUInteger i = 0; i < count; i++) [self useResource:resources[i] usage:usage];
}
- (void)useHeap:(id)heap {
  if (!soft_open_pass(self) || !soft_is(heap, "MTLHeap", "the heap")) return;
  soft_pass_use(pass, heap, 1);
  soft_keep(self, heap);
}
- (void)useHeaps:(const id *)heaps count:(NSUInteger)count {
  for (NSUInteger i = 0; i < count; i++) [self useHeap:heaps[i]];
}
- (void)executeCommandsInBuffer:(id)buffer withRange:(NSRange)range {
  if (!soft_open_pass(self) || !soft_indirect_range(self, buffer, range) || !soft_strict()) return;
  struct soft_op *op = soft_add_op(pass, SOFT_EXECUTE);
  op->dispatch = malloc(sizeof *op->dispatch);
  *op->dispatch = state;
  op->a = buffer;
  op->from = range.location;
  op->size = range.length;
  soft_keep(self, buffer);
  soft_op_fault(op);
}
- (void)memoryBarrierWithScope:(NSUInteger)scope {
  if (!soft_open_pass(self)) return;
  if (!(scope & 1))
    soft_finding("barrier-scope", self, "scope %lu leaves buffers out", scope);
  else if (soft_strict())
    soft_add_op(pass, SOFT_BARRIER);
}
/* Stricter than need be: orders everything. */
- (void)memoryBarrierWithResources:(const id *)resources count:(NSUInteger)count {
  if (!soft_open_pass(self)) return;
  for (NSUInteger i = 0; i < count; i++)
    if (!soft_is(resources[i], "MTLResource", "a resource")) return;
  soft_add_op(pass, SOFT_BARRIER);
}
- (void)sampleCountersInBuffer:(id)samples
                 atSampleIndex:(NSUInteger)index
                   withBarrier:(BOOL)barrier {
  soft_finding("counter-sampling-point", self, "this GPU samples at the edges of encoders only");
}
@end
