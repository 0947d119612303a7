#include "commands.h"
#include "counters.h"
#include "indirect.h"

struct soft_pass *soft_open_pass(SoftMTLCommandEncoder *encoder) {
  if (!encoder->ended) return encoder->pass;
  soft_finding("use-after-end", encoder, "the encoder was ended");
  return NULL;
}

void soft_keep(SoftMTLCommandEncoder *encoder, id object) {
  SoftMTLCommandBuffer *buffer = encoder->commandBuffer;
  if (buffer->retained) soft_recording_hold(buffer->recording, object);
}

static id begin(SoftMTLCommandBuffer *buffer, const char *class_name) {
  SoftMTLCommandEncoder *encoder = soft_make(objc_lookUpClass(class_name));
  encoder->commandBuffer = soft_hold(buffer);
  encoder->pass = soft_add_pass(buffer->recording);
  buffer->encoder = encoder;
  return soft_lend(encoder);
}

id soft_blit_encoder(SoftMTLCommandBuffer *buffer) {
  SoftMTLCommandEncoder *encoder = begin(buffer, "SoftMTLBlitCommandEncoder");
  encoder->pass->blit = true;
  return encoder;
}

id soft_compute_encoder(SoftMTLCommandBuffer *buffer, NSUInteger type) {
  SoftMTLCommandEncoder *encoder = begin(buffer, "SoftMTLComputeCommandEncoder");
  encoder->pass->concurrent = type == 1;
  return encoder;
}

@implementation SoftMTLCommandEncoder
- (id)device {
  return commandBuffer->queue->device;
}
- (id)label {
  return label;
}
- (void)setLabel:(id)string {
  if (!soft_open_pass(self) || !soft_is_or_nil(string, "NSString", "the label")) return;
  soft_assign(&label, string);
  snprintf(pass->label, sizeof pass->label, "%s", soft_utf8(string));
}
- (void)endEncoding {
  if (!soft_open_pass(self)) return;
  ended = true;
  commandBuffer->encoder = nil;
}
- (void)barrierAfterQueueStages:(NSUInteger)after beforeStages:(NSUInteger)before {
  if (soft_open_pass(self)) soft_add_op(pass, SOFT_QUEUE_BARRIER);
}
- (void)insertDebugSignpost:(id)name {
  if (soft_open_pass(self)) soft_is(name, "NSString", "the name");
}
- (void)pushDebugGroup:(id)name {
  if (soft_open_pass(self)) soft_is(name, "NSString", "the name");
}
- (void)popDebugGroup {
  soft_open_pass(self);
}
- (void)finish {
  if (!ended) {
    soft_finding("encoder-left-open", self, "freed without endEncoding");
    commandBuffer->encoder = nil;
  }
  soft_drop(commandBuffer);
  soft_drop(label);
}
@end

static void copy(SoftMTLBlitCommandEncoder *encoder, enum soft_op_kind kind, id from,
                 NSUInteger source, id to, NSUInteger destination, NSUInteger size, uint8_t value) {
  if (!soft_open_pass(encoder) || !soft_is(to, "MTLBuffer", "the destination")
      || (kind == SOFT_COPY && !soft_is(from, "MTLBuffer", "the source")))
    return;
  SoftMTLBuffer *a = from, *b = to;
  if (destination > b->length || size > b->length - destination
      || (a && (source > a->length || size > a->length - source))) {
    soft_finding("copy-range", encoder, "%lu bytes from %lu to %lu do not lie in the buffers", size,
                 source, destination);
    return;
  }
  struct soft_op *op = soft_add_op(encoder->pass, kind);
  op->a = from;
  op->b = to;
  op->from = source;
  op->to = destination;
  op->size = size;
  op->value = value;
  soft_keep(encoder, from);
  soft_keep(encoder, to);
}

@implementation SoftMTLBlitCommandEncoder
- (void)fillBuffer:(id)buffer range:(NSRange)range value:(uint8_t)value {
  copy(self, SOFT_FILL, nil, 0, buffer, range.location, range.length, value);
}
- (void)copyFromBuffer:(id)from
           sourceOffset:(NSUInteger)source
               toBuffer:(id)to
      destinationOffset:(NSUInteger)destination
                   size:(NSUInteger)size {
  copy(self, SOFT_COPY, from, source, to, destination, size, 0);
}
- (void)updateFence:(id)fence {
  if (soft_open_pass(self) && soft_is(fence, "MTLFence", "the fence")) pass->updates = fence;
}
- (void)waitForFence:(id)fence {
  if (soft_open_pass(self) && soft_is(fence, "MTLFence", "the fence")) pass->waits = fence;
}
- (void)resetCommandsInBuffer:(id)buffer withRange:(NSRange)range {
  if (soft_open_pass(self) && soft_indirect_range(self, buffer, range))
    soft_reset_commands(buffer, range.location, range.length);
}
- (void)optimizeIndirectCommandBuffer:(id)buffer withRange:(NSRange)range {
  if (soft_open_pass(self)) soft_indirect_range(self, buffer, range);
}
- (void)resolveCounters:(id)samples
                inRange:(NSRange)range
      destinationBuffer:(id)buffer
      destinationOffset:(NSUInteger)offset {
  if (!soft_open_pass(self) || !soft_is(buffer, "MTLBuffer", "the buffer")
      || (range.length && !soft_check_sample(self, samples, range.location + range.length - 1)))
    return;
  if (offset > ((SoftMTLBuffer *)buffer)->length
      || range.length * 8 > ((SoftMTLBuffer *)buffer)->length - offset) {
    soft_finding("copy-range", self, "the samples do not fit the buffer");
    return;
  }
  struct soft_op *op = soft_add_op(pass, SOFT_RESOLVE);
  op->a = samples;
  op->b = buffer;
  op->from = range.location;
  op->to = offset;
  op->size = range.length;
  soft_recording_hold(commandBuffer->recording, samples);
  soft_recording_hold(commandBuffer->recording, buffer);
}
@end
