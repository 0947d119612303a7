#include "soft.h"

/* Pools of a thread: objects, with nil where a pool begins. */
static __thread id *entries;
static __thread size_t count, room;

static void add(id object) {
  if (count == room) {
    room = room ? room * 2 : 256;
    entries = realloc(entries, room * sizeof *entries);
  }
  entries[count++] = object;
}

/* The token is the place of the pool's beginning, from 1. */
void *soft_pool_push(void) {
  add(nil);
  return (void *)count;
}

void soft_pool_pop(void *token) {
  size_t start = (size_t)token;
  if (start == 0 || start > count || entries[start - 1] != nil) {
    soft_finding("pool-order", nil, "a pool is popped that is not open on this thread");
    return;
  }
  while (count >= start) {
    id object = entries[--count];
    if (object) soft_drop(object);
  }
}

bool soft_pool_add(id object) {
  if (count == 0) return false;
  add(object);
  return true;
}

void *objc_autoreleasePoolPush(void) { return soft_pool_push(); }
void objc_autoreleasePoolPop(void *token) { soft_pool_pop(token); }

@interface NSAutoreleasePool : NSObject {
  void *token;
}
- (void)drain;
@end

@implementation NSAutoreleasePool
- (id)init {
  token = soft_pool_push();
  return self;
}
- (void)drain {
  soft_caller_release(self);
}
- (void)finish {
  soft_pool_pop(token);
}
@end
