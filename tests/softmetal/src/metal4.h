/* Metal 4: queues, command buffers that are used again, argument tables, feedback. */
#pragma once
#include "recording.h"

@interface SoftMTL4CommandAllocator : NSObject {
 @public
  id device;
  int inFlight;
  bool recording; /* a command buffer is open on it */
}
@end

@interface SoftMTL4ArgumentTable : NSObject {
 @public
  id device;
  NSUInteger slots;
  uint64_t addresses[SOFT_SLOTS];
  uint32_t bound;
  int inFlight;
}
@end

enum soft_phase { SOFT_IDLE, SOFT_ENCODING, SOFT_ENCODED };

@interface SoftMTL4CommandBuffer : NSObject {
 @public
  id device;
  enum soft_phase phase;
  struct soft_recording *recording;
  SoftMTL4CommandAllocator *allocator;
  id encoder; /* the open one, not held */
}
@end

@interface SoftMTL4CommandQueue : NSObject {
 @public
  id device;
  struct soft_worker *worker;
  struct soft_sets sets;
  struct soft_history *history;
}
@end

@interface SoftMTL4CounterHeap : NSObject {
 @public
  NSUInteger count;
  NSInteger type;
  uint64_t *stamps;
}
@end

/* All +1 for the caller. */
id soft_new_queue4(id device);
id soft_new_allocator(id device);
id soft_new_command_buffer4(id device);
id soft_new_argument_table(id device, id descriptor, id *error);
id soft_new_counter_heap(id device, id descriptor, id *error);
id soft_encoder4(SoftMTL4CommandBuffer *buffer);
bool soft_check_stamp(id user, id heap, NSUInteger index);
