#include "indirect.h"
#include "metal4.h"

enum { DISPATCH = 1 << 27, BLIT = 1 << 28, VISIBLE_TO_DEVICE = 1 };

@interface SoftMTL4ComputeCommandEncoder : NSObject {
 @public
  SoftMTL4CommandBuffer *commandBuffer;
  struct soft_pass *pass;
  struct soft_dispatch state;
  SoftMTL4ArgumentTable *table;
  bool ended;
}
@end

id soft_encoder4(SoftMTL4CommandBuffer *buffer) {
  SoftMTL4ComputeCommandEncoder *encoder =
      soft_make(objc_lookUpClass("SoftMTL4ComputeCommandEncoder"));
  encoder->commandBuffer = soft_hold(buffer);
  encoder->pass = soft_add_pass(buffer->recording);
  encoder->pass->concurrent = true;
  encoder->pass->explicit_residency = true;
  buffer->encoder = encoder;
  return soft_lend(encoder);
}

static bool is_open(SoftMTL4ComputeCommandEncoder *encoder) {
  if (!encoder->ended) return true;
  soft_finding("use-after-end", encoder, "the encoder was ended");
  return false;
}

/* A barrier must name the stage of dispatches or copies on both sides and make writes visible. */
static bool is_barrier(id encoder, NSUInteger after, NSUInteger before, NSUInteger visibility) {
  NSUInteger stages = DISPATCH | BLIT;
  if ((after & stages) && (before & stages) && (visibility & VISIBLE_TO_DEVICE)) return true;
  soft_finding("barrier-scope", encoder,
               "a barrier after stages 0x%lx before 0x%lx with visibility %lu orders no dispatches",
               after, before, visibility);
  return false;
}

/* The table is read here; what changes later counts for later commands. */
static void take_table(SoftMTL4ComputeCommandEncoder *encoder) {
  encoder->state.bound = encoder->table ? encoder->table->bound : 0;
  for (int i = 0; encoder->table && i < SOFT_SLOTS; i++)
    encoder->state.binds[i] = (struct soft_bind){NULL, encoder->table->addresses[i]};
}

static struct soft_op *add_op(SoftMTL4ComputeCommandEncoder *encoder, enum soft_op_kind kind) {
  struct soft_op *op = soft_add_op(encoder->pass, kind);
  op->dispatch = malloc(sizeof *op->dispatch);
  *op->dispatch = encoder->state;
  op->table = encoder->table;
  soft_op_fault(op);
  return op;
}

static void dispatch(SoftMTL4ComputeCommandEncoder *encoder, MTLSize grid, MTLSize threads,
                     bool counts_threads) {
  if (!is_open(encoder) || !soft_strict()) return;
  encoder->state.groups = grid;
  encoder->state.threads = threads;
  encoder->state.counts_threads = counts_threads;
  take_table(encoder);
  if (soft_check_dispatch(encoder, &encoder->state)) add_op(encoder, SOFT_DISPATCH);
}

static void copy(SoftMTL4ComputeCommandEncoder *encoder, enum soft_op_kind kind, id from,
                 NSUInteger source, id to, NSUInteger destination, NSUInteger size, uint8_t value) {
  if (!is_open(encoder) || !soft_is(to, "MTLBuffer", "the destination")
      || (kind == SOFT_COPY && !soft_is(from, "MTLBuffer", "the source")))
    return;
  SoftMTLBuffer *a = from, *b = to;
  if (destination > b->length || size > b->length - destination
      || (a && (source > a->length || size > a->length - source))) {
    soft_finding("copy-range", encoder, "%lu bytes from %lu to %lu do not lie in the buffers", size,
                 source, destination);
    return;
  }
  struct soft_op *op = soft_add_op(encoder->pass, kind);
  op->a = from;
  op->b = to;
  op->from = source;
  op->to = destination;
  op->size = size;
  op->value = value;
}

@implementation SoftMTL4ComputeCommandEncoder
- (id)commandBuffer {
  return commandBuffer;
}
- (NSUInteger)stages {
  return DISPATCH | BLIT;
}
- (void)setComputePipelineState:(id)pipeline {
  if (is_open(self) && soft_is(pipeline, "MTLComputePipelineState", "the pipeline"))
    state.pipeline = pipeline;
}
- (void)setArgumentTable:(id)given {
  if (is_open(self) && soft_is_or_nil(given, "MTL4ArgumentTable", "the table")) table = given;
}
- (void)setThreadgroupMemoryLength:(NSUInteger)length atIndex:(NSUInteger)index {
  if (is_open(self) && soft_check_slot(self, index, SOFT_SLOTS)) state.threadgroup[index] = length;
}
- (void)dispatchThreadgroups:(MTLSize)groups threadsPerThreadgroup:(MTLSize)threads {
  dispatch(self, groups, threads, false);
}
- (void)dispatchThreads:(MTLSize)grid threadsPerThreadgroup:(MTLSize)threads {
  dispatch(self, grid, threads, true);
}
- (void)executeCommandsInBuffer:(id)buffer withRange:(NSRange)range {
  if (!is_open(self) || !soft_indirect_range(self, buffer, range) || !soft_strict()) return;
  take_table(self);
  struct soft_op *op = add_op(self, SOFT_EXECUTE);
  op->a = buffer;
  op->from = range.location;
  op->size = range.length;
}
- (void)copyFromBuffer:(id)from
           sourceOffset:(NSUInteger)source
               toBuffer:(id)to
      destinationOffset:(NSUInteger)destination
                   size:(NSUInteger)size {
  copy(self, SOFT_COPY, from, source, to, destination, size, 0);
}
- (void)fillBuffer:(id)buffer range:(NSRange)range value:(uint8_t)value {
  copy(self, SOFT_FILL, nil, 0, buffer, range.location, range.length, value);
}
- (void)resetCommandsInBuffer:(id)buffer withRange:(NSRange)range {
  if (is_open(self) && soft_indirect_range(self, buffer, range))
    soft_reset_commands(buffer, range.location, range.length);
}
- (void)optimizeIndirectCommandBuffer:(id)buffer withRange:(NSRange)range {
  if (is_open(self)) soft_indirect_range(self, buffer, range);
}
- (void)barrierAfterEncoderStages:(NSUInteger)after
              beforeEncoderStages:(NSUInteger)before
                visibilityOptions:(NSUInteger)visibility {
  if (is_open(self) && is_barrier(self, after, before, visibility) && soft_strict())
    soft_add_op(pass, SOFT_BARRIER);
}
- (void)barrierAfterQueueStages:(NSUInteger)after
                   beforeStages:(NSUInteger)before
              visibilityOptions:(NSUInteger)visibility {
  if (is_open(self) && is_barrier(self, after, before, visibility))
    soft_add_op(pass, SOFT_QUEUE_BARRIER);
}
- (void)barrierAfterStages:(NSUInteger)after
         beforeQueueStages:(NSUInteger)before
         visibilityOptions:(NSUInteger)visibility {
  if (is_open(self) && is_barrier(self, after, before, visibility))
    soft_add_op(pass, SOFT_QUEUE_BARRIER)->value = 1;
}
- (void)updateFence:(id)fence afterEncoderStages:(NSUInteger)stages {
  if (is_open(self) && soft_is(fence, "MTLFence", "the fence")) pass->updates = fence;
}
- (void)waitForFence:(id)fence beforeEncoderStages:(NSUInteger)stages {
  if (is_open(self) && soft_is(fence, "MTLFence", "the fence")) pass->waits = fence;
}
- (void)writeTimestampWithGranularity:(NSInteger)granularity
                             intoHeap:(id)heap
                              atIndex:(NSUInteger)index {
  if (!is_open(self) || !soft_check_stamp(self, heap, index)) return;
  struct soft_op *op = soft_add_op(pass, SOFT_STAMP);
  op->a = heap;
  op->from = index;
  soft_recording_hold(commandBuffer->recording, heap);
}
- (void)pushDebugGroup:(id)name {
  soft_is(name, "NSString", "the name");
}
- (void)popDebugGroup {
  is_open(self);
}
- (void)endEncoding {
  if (!is_open(self)) return;
  ended = true;
  commandBuffer->encoder = nil;
}
- (void)finish {
  if (!ended) {
    soft_finding("encoder-left-open", self, "freed without endEncoding");
    commandBuffer->encoder = nil;
  }
  soft_drop(commandBuffer);
}
@end
