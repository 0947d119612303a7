/* Indirect command buffers. */
#pragma once
#include "recording.h"

@interface SoftMTLIndirectCommandBuffer : SoftMTLResource {
 @public
  struct soft_dispatch *commands;
  NSUInteger size, commandTypes, bufferSlots, threadgroupSlots;
  BOOL inheritBuffers, inheritPipelineState;
}
@end

id soft_new_indirect(id device, id descriptor, NSUInteger count, NSUInteger options);
void soft_reset_commands(SoftMTLIndirectCommandBuffer *buffer, NSUInteger from, NSUInteger count);
/* Whether a range lies in the buffer; a finding otherwise. */
bool soft_indirect_range(id encoder, id buffer, NSRange range);
