/* Command queues, command buffers and encoders of Metal 3. */
#pragma once
#include "blocks.h"
#include "recording.h"
#include <pthread.h>

@interface SoftMTLCommandQueue : NSObject {
 @public
  id device, label;
  struct soft_worker *worker;
  struct soft_sets sets;
  struct soft_history *history;
  NSUInteger most, open; /* command buffers that are not complete */
}
@end

/* MTLCommandBufferStatus. */
enum soft_status {
  SOFT_NOT_ENQUEUED,
  SOFT_ENQUEUED,
  SOFT_COMMITTED,
  SOFT_SCHEDULED,
  SOFT_COMPLETED,
  SOFT_ERROR,
};

@interface SoftMTLCommandBuffer : NSObject {
 @public
  SoftMTLCommandQueue *queue;
  id label, error;
  BOOL retained;
  NSUInteger errorOptions;
  enum soft_status status;
  bool done; /* handlers have run */
  pthread_mutex_t lock;
  pthread_cond_t changed;
  struct soft_recording *recording;
  id encoder; /* the open one, not held */
  struct soft_handler *scheduled, **lastScheduled, *completed, **lastCompleted;
  struct soft_outcome outcome;
}
@end

@interface SoftMTLCommandEncoder : NSObject {
 @public
  SoftMTLCommandBuffer *commandBuffer;
  id label;
  struct soft_pass *pass;
  bool ended;
}
@end

@interface SoftMTLComputeCommandEncoder : SoftMTLCommandEncoder {
 @public
  struct soft_dispatch state;
}
@end

@interface SoftMTLBlitCommandEncoder : SoftMTLCommandEncoder
@end

/* +1 for the caller. */
id soft_new_queue(id device, NSUInteger most);
/* The open encoder's pass, or NULL with a finding. */
struct soft_pass *soft_open_pass(SoftMTLCommandEncoder *encoder);
/* Keeps an object alive for the command buffer, unless its references are unretained. */
void soft_keep(SoftMTLCommandEncoder *encoder, id object);
id soft_compute_encoder(SoftMTLCommandBuffer *buffer, NSUInteger type);
id soft_compute_encoder_with(SoftMTLCommandBuffer *buffer, id descriptor);
id soft_blit_encoder(SoftMTLCommandBuffer *buffer);
