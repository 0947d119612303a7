#include "counters.h"

@interface SoftMTLCounterSet : NSObject {
 @public
  id name;
}
@end

@implementation SoftMTLCounterSet
- (id)name {
  return name;
}
- (id)counters {
  return soft_lend(soft_array(NULL, 0));
}
- (void)finish {
  soft_drop(name);
}
@end

@interface MTLCounterSampleBufferDescriptor : NSObject {
 @public
  id counterSet;
  NSUInteger storageMode, sampleCount;
}
@end

@implementation MTLCounterSampleBufferDescriptor
OBJECT(counterSet, setCounterSet, "MTLCounterSet")
VALUE(NSUInteger, storageMode, setStorageMode)
VALUE(NSUInteger, sampleCount, setSampleCount)
- (void)finish {
  soft_drop(counterSet);
}
@end

@interface SoftMTLCounterSampleBuffer : NSObject {
 @public
  id device;
  uint64_t *samples;
  NSUInteger count;
}
@end

id soft_counter_sets(id device) {
  SoftMTLCounterSet *set = soft_make(objc_lookUpClass("SoftMTLCounterSet"));
  set->name = soft_string("timestamp");
  id sets[] = {set};
  id array = soft_array(sets, 1);
  soft_drop(set);
  return soft_lend(array);
}

id soft_new_sample_buffer(id device, id given, id *error) {
  if (!soft_is(given, "MTLCounterSampleBufferDescriptor", "the descriptor")) return nil;
  MTLCounterSampleBufferDescriptor *d = given;
  if (!d->counterSet || d->sampleCount == 0 || d->sampleCount > 4096)
    return soft_fail(error, soft_error("MTLCounterErrorDomain", 0,
                                       "a sample buffer needs a set and 1 to 4096 samples"));
  SoftMTLCounterSampleBuffer *buffer = soft_make(objc_lookUpClass("SoftMTLCounterSampleBuffer"));
  buffer->device = device;
  buffer->count = d->sampleCount;
  buffer->samples = calloc(d->sampleCount, sizeof(uint64_t));
  return soft_give(buffer);
}

bool soft_check_sample(id user, id given, NSUInteger index) {
  if (index == UINT64_MAX) return true;
  if (!soft_is(given, "MTLCounterSampleBuffer", "the sample buffer")) return false;
  SoftMTLCounterSampleBuffer *buffer = given;
  if (index < buffer->count) return true;
  soft_finding("sample-range", user, "sample %lu of %lu", index, buffer->count);
  return false;
}

void soft_take_sample(id given, NSUInteger index) {
  SoftMTLCounterSampleBuffer *buffer = given;
  if (buffer && index != UINT64_MAX) buffer->samples[index] = soft_now();
}

bool soft_resolve_samples(const struct soft_op *op) {
  SoftMTLCounterSampleBuffer *buffer = op->a;
  memcpy(((SoftMTLBuffer *)op->b)->bytes + op->to, buffer->samples + op->from,
         op->size * sizeof(uint64_t));
  return true;
}

@implementation SoftMTLCounterSampleBuffer
- (NSUInteger)sampleCount {
  return count;
}
- (id)resolveCounterRange:(NSRange)range {
  if (range.location > count || range.length > count - range.location) {
    soft_finding("sample-range", self, "samples %lu to %lu of %lu", range.location,
                 range.location + range.length, count);
    return nil;
  }
  return soft_lend(soft_data(samples + range.location, range.length * sizeof(uint64_t)));
}
- (void)finish {
  free(samples);
}
@end

@interface MTLComputePassSampleBufferAttachmentDescriptor : NSObject {
 @public
  id sampleBuffer;
  NSUInteger startOfEncoderSampleIndex, endOfEncoderSampleIndex;
}
@end

@implementation MTLComputePassSampleBufferAttachmentDescriptor
OBJECT(sampleBuffer, setSampleBuffer, "MTLCounterSampleBuffer")
VALUE(NSUInteger, startOfEncoderSampleIndex, setStartOfEncoderSampleIndex)
VALUE(NSUInteger, endOfEncoderSampleIndex, setEndOfEncoderSampleIndex)
- (void)finish {
  soft_drop(sampleBuffer);
}
@end
