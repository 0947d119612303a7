#include "accessors.h"
#include "resources.h"
#include <pthread.h>

SoftMTLBuffer *soft_make_part(SoftMTLHeap *heap, NSUInteger length, NSUInteger offset);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
enum { AUTOMATIC = 0, PLACEMENT = 1 };

@interface MTLHeapDescriptor : NSObject {
 @public
  NSUInteger size, storageMode, cpuCacheMode, hazardTrackingMode;
  NSInteger type;
}
@end

@implementation MTLHeapDescriptor
- (id)init {
  storageMode = SOFT_PRIVATE;
  return self;
}
VALUE(NSUInteger, size, setSize)
VALUE(NSUInteger, storageMode, setStorageMode)
VALUE(NSUInteger, cpuCacheMode, setCpuCacheMode)
VALUE(NSUInteger, hazardTrackingMode, setHazardTrackingMode)
VALUE(NSInteger, type, setType)
- (NSUInteger)resourceOptions {
  return storageMode << 4 | hazardTrackingMode << 8 | cpuCacheMode;
}
- (void)setResourceOptions:(NSUInteger)value {
  cpuCacheMode = value & 15;
  storageMode = value >> 4 & 15;
  hazardTrackingMode = value >> 8 & 3;
}
@end

id soft_new_heap(id device, id given) {
  if (!soft_is(given, "MTLHeapDescriptor", "the descriptor")) return nil;
  MTLHeapDescriptor *descriptor = given;
  if (descriptor->size == 0) {
    soft_finding("heap-size", device, "a heap of no bytes");
    return nil;
  }
  if (descriptor->type != AUTOMATIC && descriptor->type != PLACEMENT) {
    soft_finding("heap-type", device, "heaps of type %ld are not offered here",
                 (long)descriptor->type);
    return nil;
  }
  uint8_t *bytes = soft_map(descriptor->size);
  if (!bytes) return nil;
  SoftMTLHeap *heap = soft_make(objc_lookUpClass("SoftMTLHeap"));
  heap->device = device;
  heap->bytes = bytes;
  heap->size = descriptor->size;
  heap->storage = descriptor->storageMode;
  heap->cacheMode = descriptor->cpuCacheMode;
  heap->hazard = descriptor->hazardTrackingMode ? descriptor->hazardTrackingMode : 1;
  heap->type = descriptor->type;
  return soft_give(heap);
}

static NSUInteger aligned(NSUInteger value, NSUInteger alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

static NSUInteger end_of(SoftMTLBuffer *part) {
  return part->heapOffset + aligned(part->length, SOFT_HEAP_ALIGNMENT);
}

/* The first gap of an automatic heap that fits, or -1. Parts are in the order of their offsets. */
static NSInteger gap(SoftMTLHeap *heap, NSUInteger length, NSUInteger alignment) {
  NSUInteger at = 0;
  for (NSUInteger i = 0; i <= heap->partCount; i++) {
    NSUInteger start = aligned(at, alignment);
    NSUInteger limit = i < heap->partCount ? heap->parts[i]->heapOffset : heap->size;
    if (start <= limit && length <= limit - start) return start;
    if (i < heap->partCount) at = end_of(heap->parts[i]);
  }
  return -1;
}

static void insert(SoftMTLHeap *heap, SoftMTLBuffer *part) {
  NSUInteger i = heap->partCount++;
  for (; i > 0 && heap->parts[i - 1]->heapOffset > part->heapOffset; i--)
    heap->parts[i] = heap->parts[i - 1];
  heap->parts[i] = part;
}

void soft_heap_remove(SoftMTLHeap *heap, SoftMTLBuffer *part) {
  pthread_mutex_lock(&lock);
  NSUInteger i = 0;
  while (i < heap->partCount && heap->parts[i] != part) i++;
  if (i < heap->partCount) {
    heap->partCount--;
    for (; i < heap->partCount; i++) heap->parts[i] = heap->parts[i + 1];
  }
  pthread_mutex_unlock(&lock);
}

static bool accepts(SoftMTLHeap *heap, NSUInteger options, NSInteger wanted) {
  if (heap->type != wanted) {
    soft_finding("heap-type", heap, "the call does not fit the heap's type");
    return false;
  }
  NSUInteger hazard = options >> 8 & 3;
  if ((options >> 4 & 15) != heap->storage || (hazard && hazard != heap->hazard)) {
    soft_finding("heap-options", heap, "options %lu differ from those of the heap", options);
    return false;
  }
  return heap->partCount < sizeof heap->parts / sizeof *heap->parts;
}

/* What a heap gives is not cleared: rubbish shows who relies on zeros. */
static id part_of(SoftMTLHeap *heap, NSUInteger length, NSUInteger offset) {
  SoftMTLBuffer *part = soft_make_part(heap, length, offset);
  insert(heap, part);
  bool poisoned = soft_settings.poison && soft_strict() && length <= 1ul << 28;
  if (poisoned) memset(part->bytes, 0xCD, length);
  return soft_give(part);
}

@implementation SoftMTLHeap
- (NSUInteger)storageMode {
  return storage;
}
- (NSUInteger)cpuCacheMode {
  return cacheMode;
}
- (NSUInteger)hazardTrackingMode {
  return hazard;
}
- (NSUInteger)resourceOptions {
  return storage << 4 | hazard << 8 | cacheMode;
}
- (NSUInteger)size {
  return size;
}
- (NSUInteger)usedSize {
  NSUInteger used = 0;
  for (NSUInteger i = 0; i < partCount; i++) used += aligned(parts[i]->length, SOFT_HEAP_ALIGNMENT);
  return used;
}
- (NSUInteger)currentAllocatedSize {
  return size;
}
- (NSUInteger)allocatedSize {
  return size;
}
- (NSInteger)type {
  return type;
}
/* The largest length that still has room, found by halving. */
- (NSUInteger)maxAvailableSizeWithAlignment:(NSUInteger)alignment {
  NSUInteger fits = 0, most = size + 1;
  NSUInteger step = alignment ? alignment : 1;
  while (most - fits > 1) {
    NSUInteger middle = fits + (most - fits) / 2;
    if (gap(self, middle, step) >= 0)
      fits = middle;
    else
      most = middle;
  }
  return fits;
}
- (id)newBufferWithLength:(NSUInteger)length options:(NSUInteger)options {
  if (!accepts(self, options, AUTOMATIC) || length == 0) return nil;
  pthread_mutex_lock(&lock);
  NSInteger at = gap(self, length, SOFT_HEAP_ALIGNMENT);
  id part = at < 0 ? nil : part_of(self, length, at);
  pthread_mutex_unlock(&lock);
  return part;
}
- (id)newBufferWithLength:(NSUInteger)length
                  options:(NSUInteger)options
                   offset:(NSUInteger)offset {
  if (!accepts(self, options, PLACEMENT)) return nil;
  if (offset % SOFT_HEAP_ALIGNMENT || length == 0 || offset > size || length > size - offset) {
    soft_finding("heap-range", self, "%lu bytes at %lu do not lie in a heap of %lu, aligned to %d",
                 length, offset, size, SOFT_HEAP_ALIGNMENT);
    return nil;
  }
  pthread_mutex_lock(&lock);
  id part = part_of(self, length, offset);
  pthread_mutex_unlock(&lock);
  return part;
}
- (void)finish {
  [super finish];
  soft_unmap(bytes, size);
}
@end
