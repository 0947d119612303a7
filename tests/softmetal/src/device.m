#include "commands.h"
#include "counters.h"
#include "events.h"
#include "indirect.h"
#include "messages.h"
#include "metal4.h"

@interface SoftMTLArchitecture : NSObject
@end

@implementation SoftMTLArchitecture
- (id)name {
  char name[64];
  snprintf(name, sizeof name, "softmetal_family%ld", (long)soft_settings.family);
  return soft_lend(soft_string(name));
}
@end

@interface SoftMTLDevice : NSObject {
  id architecture;
}
@end

static id device;

/* One for the whole life of the process; callers hold a reference to it all the same. */
static id the_device(void) {
  if (!device) {
    device = soft_make(objc_lookUpClass("SoftMTLDevice"));
    ((NSObject *)device)->references = 1 << 30;
  }
  return device;
}

id MTLCreateSystemDefaultDevice(void) {
  if (soft_function_fails("MTLCreateSystemDefaultDevice")) return nil;
  return soft_caller_retain(the_device());
}

id MTLCopyAllDevices(void) {
  if (soft_function_fails("MTLCopyAllDevices")) return nil;
  id all[] = {the_device()};
  return soft_give(soft_array(all, 1));
}

static bool families(NSInteger wanted) {
  if (wanted >= 1001 && wanted < 2000) return wanted <= soft_settings.family;
  if (wanted == 5002) return soft_settings.metal4 && soft_os_at_least(26);
  return wanted == 2001 || wanted == 2002 || (wanted >= 3001 && wanted <= 3003) || wanted == 5001;
}

/* Selectors of Metal 4 exist with the OS, and work with the GPU. */
static bool has_metal4(id self) {
  if (families(5002)) return true;
  soft_finding("metal4-unsupported", self, "this GPU has no Metal 4");
  return false;
}

static id pipeline(id self, SoftMTLFunction *function, MTLComputePipelineDescriptor *d,
                   NSUInteger options, id *reflection, id *error) {
  if (reflection) *reflection = nil;
  if (!soft_is(function, "MTLFunction", "the function")) return nil;
  bool indirect = d && d->supportIndirectCommandBuffers;
  bool archived = false;
  NSArray *archives = d ? d->binaryArchives : nil;
  for (NSUInteger i = 0; archives && i < archives->size; i++)
    archived |= soft_archive_holds(archives->items[i], soft_pipeline_key(function, indirect));
  if (archives) soft_count(archived ? "archive-hits" : "archive-misses");
  if ((options & 4) && !archived)
    return soft_fail(error, soft_error("CompilerError", 2, "no archive holds this pipeline"));
  NSUInteger most = d ? d->maxTotalThreadsPerThreadgroup : 0;
  return soft_new_pipeline(self, function, indirect, most, error);
}

@implementation SoftMTLDevice
- (id)name {
  return soft_lend(soft_string(soft_device_name));
}
- (id)architecture {
  if (!architecture) {
    architecture = soft_make(objc_lookUpClass("SoftMTLArchitecture"));
    ((NSObject *)architecture)->references = 1 << 30;
  }
  return architecture;
}
- (uint64_t)registryID {
  return 0x50F7;
}
- (MTLSize)maxThreadsPerThreadgroup {
  NSUInteger most = soft_settings.max_threads;
  return (MTLSize){most, most, most};
}
- (BOOL)isLowPower {
  return NO;
}
- (BOOL)isHeadless {
  return NO;
}
- (BOOL)isRemovable {
  return NO;
}
- (BOOL)hasUnifiedMemory {
  return YES;
}
- (uint64_t)recommendedMaxWorkingSetSize {
  return soft_settings.working_set;
}
- (NSUInteger)currentAllocatedSize {
  return soft_allocated_bytes();
}
- (NSUInteger)maxThreadgroupMemoryLength {
  return SOFT_THREADGROUP_BYTES;
}
- (NSUInteger)maxBufferLength {
  return soft_settings.max_buffer_length;
}
- (NSUInteger)argumentBuffersSupport {
  return 1;
}
- (BOOL)supportsFamily:(NSInteger)family {
  return families(family);
}
- (id)newCommandQueue {
  return soft_new_queue(self, 64);
}
- (id)newCommandQueueWithMaxCommandBufferCount:(NSUInteger)most {
  return soft_new_queue(self, most);
}
- (id)newFence {
  return soft_new_fence();
}
- (id)newEvent {
  return soft_new_event(false);
}
- (id)newSharedEvent {
  return soft_new_event(true);
}
- (MTLSizeAndAlign)heapBufferSizeAndAlignWithLength:(NSUInteger)length options:(NSUInteger)options {
  NSUInteger align = SOFT_HEAP_ALIGNMENT;
  return (MTLSizeAndAlign){(length + align - 1) / align * align, align};
}
- (id)newHeapWithDescriptor:(id)descriptor {
  return soft_new_heap(self, descriptor);
}
- (id)newBufferWithLength:(NSUInteger)length options:(NSUInteger)options {
  return soft_new_buffer(self, length, options);
}
- (id)newBufferWithBytes:(const void *)bytes length:(NSUInteger)length options:(NSUInteger)options {
  SoftMTLBuffer *buffer = soft_new_buffer(self, length, options);
  if (buffer) memcpy(buffer->bytes, bytes, length);
  return buffer;
}
- (id)newBufferWithBytesNoCopy:(void *)bytes
                        length:(NSUInteger)length
                       options:(NSUInteger)options
                   deallocator:(Block *)deallocator {
  return soft_new_buffer_no_copy(self, bytes, length, options, deallocator);
}
- (id)newLibraryWithSource:(id)source options:(id)options error:(id *)error {
  if (!soft_is(source, "NSString", "the source")
      || !soft_is_or_nil(options, "MTLCompileOptions", "the options"))
    return nil;
  NSString *text = source;
  return soft_new_library(self, text->text, text->bytes, options, error);
}
- (id)newLibraryWithURL:(id)url error:(id *)error {
  return soft_is(url, "NSURL", "the URL") ? soft_new_library_from_file(self, soft_path(url), error)
                                          : nil;
}
- (id)newLibraryWithData:(id)data error:(id *)error {
  if (!soft_is(data, "DispatchData", "the data")) return nil;
  return soft_new_library_from_data(self, ((NSData *)data)->data, ((NSData *)data)->size, error);
}
- (id)newComputePipelineStateWithFunction:(id)function error:(id *)error {
  return pipeline(self, function, nil, 0, NULL, error);
}
- (id)newComputePipelineStateWithFunction:(id)function
                                  options:(NSUInteger)options
                               reflection:(id *)reflection
                                    error:(id *)error {
  return pipeline(self, function, nil, options, reflection, error);
}
- (id)newComputePipelineStateWithDescriptor:(id)descriptor
                                    options:(NSUInteger)options
                                 reflection:(id *)reflection
                                      error:(id *)error {
  if (!soft_is(descriptor, "MTLComputePipelineDescriptor", "the descriptor")) return nil;
  MTLComputePipelineDescriptor *d = descriptor;
  return pipeline(self, d->computeFunction, d, options, reflection, error);
}
- (id)newBinaryArchiveWithDescriptor:(id)descriptor error:(id *)error {
  return soft_new_archive(self, descriptor, error);
}
- (id)newIndirectCommandBufferWithDescriptor:(id)descriptor
                             maxCommandCount:(NSUInteger)count
                                     options:(NSUInteger)options {
  return soft_new_indirect(self, descriptor, count, options);
}
- (id)newResidencySetWithDescriptor:(id)descriptor error:(id *)error {
  return soft_new_residency_set(self, descriptor);
}
- (id)counterSets {
  return soft_counter_sets(self);
}
- (BOOL)supportsCounterSampling:(NSUInteger)point {
  return point == 0;
}
- (id)newCounterSampleBufferWithDescriptor:(id)descriptor error:(id *)error {
  return soft_new_sample_buffer(self, descriptor, error);
}
- (void)sampleTimestamps:(NSUInteger *)cpu gpuTimestamp:(NSUInteger *)gpu {
  *cpu = *gpu = soft_now();
}
- (id)newMTL4CommandQueue {
  return has_metal4(self) ? soft_new_queue4(self) : nil;
}
- (id)newCommandAllocator {
  return has_metal4(self) ? soft_new_allocator(self) : nil;
}
- (id)newCommandBuffer {
  return has_metal4(self) ? soft_new_command_buffer4(self) : nil;
}
- (id)newArgumentTableWithDescriptor:(id)descriptor error:(id *)error {
  return has_metal4(self) ? soft_new_argument_table(self, descriptor, error) : nil;
}
- (id)newCounterHeapWithDescriptor:(id)descriptor error:(id *)error {
  return has_metal4(self) ? soft_new_counter_heap(self, descriptor, error) : nil;
}
- (NSUInteger)sizeOfCounterHeapEntry:(NSInteger)type {
  return sizeof(uint64_t);
}
- (uint64_t)queryTimestampFrequency {
  return 1000000000;
}
@end
