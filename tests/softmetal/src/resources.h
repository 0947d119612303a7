/* Buffers, heaps, residency sets. */
#pragma once
#include "foundation.h"
#include "soft.h"

enum { SOFT_SHARED = 0, SOFT_MANAGED = 1, SOFT_PRIVATE = 2 };
enum { SOFT_HEAP_ALIGNMENT = 256 };

/* Whatever can be made resident. */
@interface SoftMTLAllocation : NSObject {
 @public
  int inFlight; /* uses by command buffers that are committed and not complete */
}
- (NSUInteger)allocatedSize;
@end

@interface SoftMTLResource : SoftMTLAllocation {
 @public
  id device, label, heap;
  NSUInteger options, allocated, heapOffset;
}
@end

@interface SoftMTLBuffer : SoftMTLResource {
 @public
  uint8_t *bytes;
  NSUInteger length, mapped;
  uint64_t address;
  bool noCopy, tracked;
  Block *deallocator;
  SoftMTLBuffer *next;
}
@end

@interface SoftMTLHeap : SoftMTLAllocation {
 @public
  id device;
  uint8_t *bytes;
  NSUInteger size, storage, cacheMode, hazard;
  NSInteger type;
  SoftMTLBuffer *parts[4096];
  NSUInteger partCount;
}
@end

@interface SoftMTLResidencySet : NSObject {
 @public
  id device;
  id *committed, *pending;
  NSUInteger committedCount, pendingCount, room;
  bool requested;
}
@end
bool soft_set_holds(SoftMTLResidencySet *set, id allocation);

/* Memory in whole pages, zeroed, and taken from the system only when touched. */
uint8_t *soft_map(size_t bytes);
void soft_unmap(uint8_t *at, size_t bytes);
bool soft_is_mapped(const void *at, size_t bytes);
size_t soft_page(void);
size_t soft_allocated_bytes(void);

/* +1 for the caller; nil when the rules forbid it. */
id soft_new_buffer(id device, NSUInteger length, NSUInteger options);
id soft_new_buffer_no_copy(id device, void *bytes, NSUInteger length, NSUInteger options,
                           Block *deallocator);
id soft_new_heap(id device, id descriptor);
id soft_new_residency_set(id device, id descriptor);
/* The live buffer that holds a GPU address, or nil. */
SoftMTLBuffer *soft_buffer_at(uint64_t address);
