#include "metal4.h"

@implementation SoftMTL4CommandAllocator
- (uint64_t)allocatedSize {
  return 4096;
}
- (void)reset {
  if (recording)
    soft_finding("allocator-in-use", self, "reset while a command buffer is open on it");
  if (__atomic_load_n(&inFlight, __ATOMIC_SEQ_CST) > 0)
    soft_finding("allocator-in-flight", self, "reset before its command buffers are complete");
}
@end

id soft_new_allocator(id device) {
  SoftMTL4CommandAllocator *a = soft_make(objc_lookUpClass("SoftMTL4CommandAllocator"));
  a->device = device;
  return soft_give(a);
}

@interface MTL4ArgumentTableDescriptor : NSObject {
 @public
  NSUInteger maxBufferBindCount;
  BOOL initializeBindings;
}
@end

@implementation MTL4ArgumentTableDescriptor
VALUE(NSUInteger, maxBufferBindCount, setMaxBufferBindCount)
VALUE(BOOL, initializeBindings, setInitializeBindings)
@end

id soft_new_argument_table(id device, id given, id *error) {
  if (!soft_is(given, "MTL4ArgumentTableDescriptor", "the descriptor")) return nil;
  NSUInteger slots = ((MTL4ArgumentTableDescriptor *)given)->maxBufferBindCount;
  if (slots > SOFT_SLOTS)
    return soft_fail(error, soft_error("MTL4", 1, "%lu buffer slots, at most 31", slots));
  SoftMTL4ArgumentTable *table = soft_make(objc_lookUpClass("SoftMTL4ArgumentTable"));
  table->device = device;
  table->slots = slots;
  return soft_give(table);
}

@implementation SoftMTL4ArgumentTable
- (void)setAddress:(uint64_t)address atIndex:(NSUInteger)index {
  if (!soft_check_slot(self, index, slots)) return;
  if (__atomic_load_n(&inFlight, __ATOMIC_SEQ_CST) > 0)
    soft_finding("argument-table-in-flight", self, "slot %lu changes while the GPU may read it",
                 index);
  if (soft_strict() && address && !soft_buffer_at(address))
    soft_finding("bad-address", self, "no buffer has the address 0x%lx", (unsigned long)address);
  addresses[index] = address;
  bound = address ? bound | 1u << index : bound & ~(1u << index);
}
- (void)finish {
  if (inFlight > 0)
    soft_finding("released-in-flight", self, "freed while a command buffer still uses it");
}
@end

id soft_new_command_buffer4(id device) {
  SoftMTL4CommandBuffer *buffer = soft_make(objc_lookUpClass("SoftMTL4CommandBuffer"));
  buffer->device = device;
  return soft_give(buffer);
}

static bool is_encoding(SoftMTL4CommandBuffer *buffer, const char *what) {
  if (buffer->phase == SOFT_ENCODING) return true;
  soft_finding("command-buffer-not-begun", buffer, "%s outside begin and end", what);
  return false;
}

@implementation SoftMTL4CommandBuffer
- (void)beginCommandBufferWithAllocator:(id)given {
  if (!soft_is(given, "MTL4CommandAllocator", "the allocator")) return;
  if (phase == SOFT_ENCODING) {
    soft_finding("begin-twice", self, "begun again before its end");
    return;
  }
  SoftMTL4CommandAllocator *other = given;
  if (other->recording) {
    soft_finding("allocator-in-use", other, "two command buffers are open on one allocator");
    return;
  }
  soft_recording_free(recording);
  soft_assign((id *)&allocator, other);
  other->recording = true;
  recording = soft_recording_new();
  phase = SOFT_ENCODING;
}
- (void)endCommandBuffer {
  if (!is_encoding(self, "endCommandBuffer")) return;
  if (encoder) soft_finding("end-with-open-encoder", self, "endEncoding is missing");
  allocator->recording = false;
  phase = SOFT_ENCODED;
}
- (id)computeCommandEncoder {
  if (!is_encoding(self, "an encoder is made")) return nil;
  if (encoder) {
    soft_finding("two-encoders", self, "an encoder is made while another is open");
    return nil;
  }
  return soft_encoder4(self);
}
- (void)useResidencySet:(id)set {
  if (is_encoding(self, "a residency set is used") && soft_is(set, "MTLResidencySet", "the set"))
    soft_recording_use_set(recording, set);
}
- (void)useResidencySets:(const id *)all count:(NSUInteger)count {
  for (NSUInteger i = 0; i < count; i++) [self useResidencySet:all[i]];
}
- (void)pushDebugGroup:(id)name {
  soft_is(name, "NSString", "the name");
}
- (void)popDebugGroup {
}
- (void)finish {
  if (phase == SOFT_ENCODING) allocator->recording = false;
  soft_recording_free(recording);
  soft_drop(allocator);
}
@end

@interface MTL4CounterHeapDescriptor : NSObject {
 @public
  NSInteger type;
  NSUInteger count;
}
@end

@implementation MTL4CounterHeapDescriptor
VALUE(NSInteger, type, setType)
VALUE(NSUInteger, count, setCount)
@end

id soft_new_counter_heap(id device, id given, id *error) {
  if (!soft_is(given, "MTL4CounterHeapDescriptor", "the descriptor")) return nil;
  MTL4CounterHeapDescriptor *d = given;
  if (d->type != 1 || d->count == 0)
    return soft_fail(error, soft_error("MTL4", 1, "type %ld, %lu entries", (long)d->type,
                                       d->count));
  SoftMTL4CounterHeap *heap = soft_make(objc_lookUpClass("SoftMTL4CounterHeap"));
  heap->type = d->type;
  heap->count = d->count;
  heap->stamps = calloc(d->count, sizeof(uint64_t));
  return soft_give(heap);
}

bool soft_check_stamp(id user, id given, NSUInteger index) {
  if (!soft_is(given, "MTL4CounterHeap", "the counter heap")) return false;
  SoftMTL4CounterHeap *heap = given;
  if (index < heap->count) return true;
  soft_finding("sample-range", user, "entry %lu of %lu", index, heap->count);
  return false;
}

@implementation SoftMTL4CounterHeap
- (NSUInteger)count {
  return count;
}
- (NSInteger)type {
  return type;
}
- (id)resolveCounterRange:(NSRange)range {
  if (range.length == 0 || range.location > count || range.length > count - range.location) {
    soft_finding("sample-range", self, "entries %lu to %lu of %lu", range.location,
                 range.location + range.length, count);
    return nil;
  }
  return soft_lend(soft_data(stamps + range.location, range.length * sizeof(uint64_t)));
}
- (void)invalidateCounterRange:(NSRange)range {
  for (NSUInteger i = 0; i < range.length && range.location + i < count; i++)
    stamps[range.location + i] = 0;
}
- (void)finish {
  free(stamps);
}
@end
