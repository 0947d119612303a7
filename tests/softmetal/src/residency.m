#include "accessors.h"
#include "resources.h"

@interface MTLResidencySetDescriptor : NSObject {
  NSUInteger initialCapacity;
}
@end

@implementation MTLResidencySetDescriptor
VALUE(NSUInteger, initialCapacity, setInitialCapacity)
@end

id soft_new_residency_set(id device, id descriptor) {
  if (!soft_is(descriptor, "MTLResidencySetDescriptor", "the descriptor")) return nil;
  SoftMTLResidencySet *set = soft_make(objc_lookUpClass("SoftMTLResidencySet"));
  set->device = device;
  return soft_give(set);
}

static bool contains(id *list, NSUInteger count, id wanted) {
  for (NSUInteger i = 0; i < count; i++)
    if (list[i] == wanted) return true;
  return false;
}

bool soft_set_holds(SoftMTLResidencySet *set, id allocation) {
  return contains(set->committed, set->committedCount, allocation);
}

@implementation SoftMTLResidencySet
- (NSUInteger)allocatedSize {
  NSUInteger sum = 0;
  for (NSUInteger i = 0; i < committedCount; i++)
    sum += [(SoftMTLAllocation *)committed[i] allocatedSize];
  return sum;
}
- (void)requestResidency {
  requested = true;
}
- (void)endResidency {
  requested = false;
}
- (void)addAllocation:(id)allocation {
  if (!soft_is(allocation, "MTLAllocation", "the allocation")) return;
  if (contains(pending, pendingCount, allocation)) return;
  if (pendingCount == room) {
    room = room ? room * 2 : 16;
    pending = realloc(pending, room * sizeof(id));
  }
  pending[pendingCount++] = soft_hold(allocation);
}
- (void)addAllocations:(const id *)allocations count:(NSUInteger)count {
  for (NSUInteger i = 0; i < count; i++) [self addAllocation:allocations[i]];
}
- (void)removeAllocation:(id)allocation {
  for (NSUInteger i = 0; i < pendingCount; i++)
    if (pending[i] == allocation) {
      soft_drop(allocation);
      pending[i] = pending[--pendingCount];
      return;
    }
}
- (void)removeAllocations:(const id *)allocations count:(NSUInteger)count {
  for (NSUInteger i = 0; i < count; i++) [self removeAllocation:allocations[i]];
}
- (void)removeAllAllocations {
  while (pendingCount) soft_drop(pending[--pendingCount]);
}
- (BOOL)containsAllocation:(id)allocation {
  return contains(pending, pendingCount, allocation);
}
- (id)allAllocations {
  return soft_lend(soft_array(pending, pendingCount));
}
- (NSUInteger)allocationCount {
  return pendingCount;
}
/* Only now do changes count. */
- (void)commit {
  for (NSUInteger i = 0; i < pendingCount; i++) soft_hold(pending[i]);
  for (NSUInteger i = 0; i < committedCount; i++) soft_drop(committed[i]);
  free(committed);
  committed = calloc(pendingCount ? pendingCount : 1, sizeof(id));
  memcpy(committed, pending, pendingCount * sizeof(id));
  committedCount = pendingCount;
}
- (void)finish {
  [self removeAllAllocations];
  for (NSUInteger i = 0; i < committedCount; i++) soft_drop(committed[i]);
  free(committed);
  free(pending);
}
@end
