#include "indirect.h"

enum { DISPATCH_GROUPS = 32, DISPATCH_THREADS = 64 };

@interface MTLIndirectCommandBufferDescriptor : NSObject {
 @public
  NSUInteger commandTypes, maxKernelBufferBindCount, maxKernelThreadgroupMemoryBindCount;
  BOOL inheritPipelineState, inheritBuffers;
}
@end

@implementation MTLIndirectCommandBufferDescriptor
VALUE(NSUInteger, commandTypes, setCommandTypes)
VALUE(NSUInteger, maxKernelBufferBindCount, setMaxKernelBufferBindCount)
VALUE(NSUInteger, maxKernelThreadgroupMemoryBindCount, setMaxKernelThreadgroupMemoryBindCount)
VALUE(BOOL, inheritPipelineState, setInheritPipelineState)
VALUE(BOOL, inheritBuffers, setInheritBuffers)
@end

@interface SoftMTLIndirectComputeCommand : NSObject {
 @public
  SoftMTLIndirectCommandBuffer *buffer;
  NSUInteger place;
}
@end

id soft_new_indirect(id device, id given, NSUInteger count, NSUInteger options) {
  if (!soft_is(given, "MTLIndirectCommandBufferDescriptor", "the descriptor")) return nil;
  MTLIndirectCommandBufferDescriptor *d = given;
  if (d->commandTypes & ~(NSUInteger)(DISPATCH_GROUPS | DISPATCH_THREADS) || !d->commandTypes
      || d->maxKernelBufferBindCount > SOFT_SLOTS || count == 0) {
    soft_finding("icb-descriptor", device, "command types %lu, %lu slots, %lu commands",
                 d->commandTypes, d->maxKernelBufferBindCount, count);
    return nil;
  }
  SoftMTLIndirectCommandBuffer *icb = soft_make(objc_lookUpClass("SoftMTLIndirectCommandBuffer"));
  icb->device = device;
  icb->options = options;
  icb->size = count;
  icb->allocated = count * 1024;
  icb->commands = calloc(count, sizeof *icb->commands);
  icb->commandTypes = d->commandTypes;
  icb->bufferSlots = d->maxKernelBufferBindCount;
  icb->threadgroupSlots =
      soft_os_at_least(14) ? d->maxKernelThreadgroupMemoryBindCount : (NSUInteger)SOFT_SLOTS;
  icb->inheritBuffers = d->inheritBuffers;
  icb->inheritPipelineState = d->inheritPipelineState;
  return soft_give(icb);
}

static bool may_change(id user, SoftMTLIndirectCommandBuffer *icb) {
  if (soft_strict() && __atomic_load_n(&icb->inFlight, __ATOMIC_SEQ_CST) > 0) {
    soft_finding("icb-in-flight", user, "a command changes while its buffer is being executed");
    return false;
  }
  return true;
}

void soft_reset_commands(SoftMTLIndirectCommandBuffer *icb, NSUInteger from, NSUInteger count) {
  memset(&icb->commands[from], 0, count * sizeof *icb->commands);
}

bool soft_indirect_range(id encoder, id given, NSRange range) {
  if (!soft_is(given, "MTLIndirectCommandBuffer", "the indirect command buffer")) return false;
  SoftMTLIndirectCommandBuffer *icb = given;
  if (range.location <= icb->size && range.length <= icb->size - range.location) return true;
  soft_finding("icb-range", encoder, "commands %lu to %lu of %lu", range.location,
               range.location + range.length, icb->size);
  return false;
}

@implementation SoftMTLIndirectCommandBuffer
- (NSUInteger)size {
  return size;
}
- (MTLResourceID)gpuResourceID {
  return (MTLResourceID){serial};
}
- (void)resetWithRange:(NSRange)range {
  if (soft_indirect_range(self, self, range) && may_change(self, self))
    soft_reset_commands(self, range.location, range.length);
}
/* Lent, and of no use once the buffer is gone. */
- (id)indirectComputeCommandAtIndex:(NSUInteger)index {
  if (index >= size) {
    soft_finding("icb-range", self, "command %lu of %lu", index, size);
    return nil;
  }
  SoftMTLIndirectComputeCommand *command =
      soft_make(objc_lookUpClass("SoftMTLIndirectComputeCommand"));
  command->buffer = self;
  command->place = index;
  return soft_lend(command);
}
- (void)finish {
  [super finish];
  free(commands);
}
@end

/* The command that may be changed, or NULL. */
static struct soft_dispatch *open_command(SoftMTLIndirectComputeCommand *command) {
  if (soft_strict() && soft_state_of(command->buffer) != SOFT_LIVE) {
    soft_finding("use-after-free", command, "the indirect command buffer was freed");
    return NULL;
  }
  if (!may_change(command, command->buffer)) return NULL;
  return &command->buffer->commands[command->place];
}

static void dispatch(SoftMTLIndirectComputeCommand *command, MTLSize groups, MTLSize threads,
                     NSUInteger type) {
  struct soft_dispatch *d = open_command(command);
  if (!d) return;
  SoftMTLIndirectCommandBuffer *icb = command->buffer;
  if (!(icb->commandTypes & type)) {
    soft_finding("icb-command-type", command, "the buffer was not made for this kind of command");
    return;
  }
  if (!d->pipeline && !icb->inheritPipelineState)
    soft_finding("icb-no-pipeline", command, "a dispatch without a pipeline");
  d->groups = groups;
  d->threads = threads;
  d->counts_threads = type == DISPATCH_THREADS;
}

@implementation SoftMTLIndirectComputeCommand
- (void)setComputePipelineState:(id)pipeline {
  struct soft_dispatch *d = open_command(self);
  if (!d || !soft_is(pipeline, "MTLComputePipelineState", "the pipeline")) return;
  if (!((SoftMTLComputePipelineState *)pipeline)->indirect && soft_strict())
    soft_finding("icb-pipeline-flag", self,
                 "pipeline %s was made without supportIndirectCommandBuffers",
                 ((SoftMTLComputePipelineState *)pipeline)->name);
  d->pipeline = pipeline;
}
/* Offsets have 32 bits in the real one: what lies above is lost without a word. */
- (void)setKernelBuffer:(id)bound offset:(NSUInteger)offset atIndex:(NSUInteger)index {
  struct soft_dispatch *d = open_command(self);
  if (!d || !soft_check_bind(self, bound, offset, index, buffer->bufferSlots)) return;
  if (offset > UINT32_MAX)
    soft_finding("icb-offset", self, "offset %lu does not fit 32 bits", offset);
  d->binds[index] = (struct soft_bind){bound, (uint32_t)offset};
  d->bound |= 1u << index;
}
- (void)setThreadgroupMemoryLength:(NSUInteger)length atIndex:(NSUInteger)index {
  struct soft_dispatch *d = open_command(self);
  if (d && soft_check_slot(self, index, buffer->threadgroupSlots)) d->threadgroup[index] = length;
}
- (void)concurrentDispatchThreadgroups:(MTLSize)groups threadsPerThreadgroup:(MTLSize)threads {
  dispatch(self, groups, threads, DISPATCH_GROUPS);
}
- (void)concurrentDispatchThreads:(MTLSize)grid threadsPerThreadgroup:(MTLSize)threads {
  dispatch(self, grid, threads, DISPATCH_THREADS);
}
- (void)setBarrier {
  struct soft_dispatch *d = open_command(self);
  if (d) d->barrier = true;
}
- (void)clearBarrier {
  struct soft_dispatch *d = open_command(self);
  if (d) d->barrier = false;
}
- (void)reset {
  struct soft_dispatch *d = open_command(self);
  if (d) memset(d, 0, sizeof *d);
}
@end
