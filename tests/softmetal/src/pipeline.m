#include "pipelines.h"

@implementation MTLComputePipelineDescriptor
OBJECT(label, setLabel, "NSString")
OBJECT(computeFunction, setComputeFunction, "MTLFunction")
OBJECT(binaryArchives, setBinaryArchives, "NSArray")
VALUE(BOOL, threadGroupSizeIsMultipleOfThreadExecutionWidth,
      setThreadGroupSizeIsMultipleOfThreadExecutionWidth)
VALUE(BOOL, supportIndirectCommandBuffers, setSupportIndirectCommandBuffers)
VALUE(NSUInteger, maxTotalThreadsPerThreadgroup, setMaxTotalThreadsPerThreadgroup)
VALUE(NSInteger, shaderValidation, setShaderValidation)
VALUE(MTLSize, requiredThreadsPerThreadgroup, setRequiredThreadsPerThreadgroup)
- (void)reset {
  [self finish];
  label = computeFunction = binaryArchives = nil;
  threadGroupSizeIsMultipleOfThreadExecutionWidth = supportIndirectCommandBuffers = NO;
  maxTotalThreadsPerThreadgroup = 0;
}
- (void)finish {
  soft_drop(label);
  soft_drop(computeFunction);
  soft_drop(binaryArchives);
}
@end

/* One line of what the executor says of a pipeline. */
static void read_line(SoftMTLComputePipelineState *p, const char *line) {
  unsigned long number, writes, optional, bytes;
  struct soft_argument a = {0};
  if (sscanf(line, "buffer\t%lu\t%lu\t%lu\t%lu\t%47s", &number, &writes, &optional, &bytes,
             a.name) == 5) {
    a.index = number;
    a.writes = writes;
    a.optional = optional;
    a.bytes = bytes;
  } else if (sscanf(line, "threadgroup\t%lu\t%47s", &number, a.name) == 2) {
    a.index = number;
    a.threadgroup = true;
  } else {
    bool fewer = sscanf(line, "threads\t%lu", &number) == 1 && number < p->maxThreads;
    if (fewer) p->maxThreads = number;
    if (sscanf(line, "static\t%lu", &number) == 1) p->staticBytes = number;
    return;
  }
  if (p->argumentCount < 64) p->arguments[p->argumentCount++] = a;
}

static void read_lines(SoftMTLComputePipelineState *p, char *lines) {
  char *rest = NULL;
  for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
    read_line(p, line);
}

uint64_t soft_pipeline_key(SoftMTLFunction *function, bool indirect) {
  uint64_t key = ((SoftMTLLibrary *)function->library)->hash;
  key = soft_hash(key, soft_utf8(function->name), strlen(soft_utf8(function->name)) + 1);
  key = soft_hash(key, function->constants, strlen(function->constants));
  return soft_hash(key, &indirect, sizeof indirect);
}

id soft_new_pipeline(id device, SoftMTLFunction *function, bool indirect, NSUInteger most,
                     id *error) {
  SoftMTLComputePipelineState *p = soft_make(objc_lookUpClass("SoftMTLComputePipelineState"));
  p->device = device;
  p->indirect = indirect;
  p->maxThreads = most && most < (NSUInteger)soft_settings.max_threads
                      ? most
                      : (NSUInteger)soft_settings.max_threads;
  snprintf(p->name, sizeof p->name, "%s", soft_utf8(function->name));
  if (soft_settings.null_mode || !soft_executor.pipeline) return soft_give(p);
  char *out = calloc(1, SOFT_TEXT_ROOM);
  p->number = soft_executor.pipeline(((SoftMTLLibrary *)function->library)->number, p->name,
                                     function->constants, out, SOFT_TEXT_ROOM);
  if (p->number <= 0)
    soft_fail(error, soft_error("CompilerError", 2, "%s", out));
  else
    read_lines(p, out);
  free(out);
  if (p->number > 0) return soft_give(p);
  soft_drop(p);
  return nil;
}

@implementation SoftMTLComputePipelineState
- (NSUInteger)maxTotalThreadsPerThreadgroup {
  return maxThreads;
}
- (NSUInteger)threadExecutionWidth {
  return 32;
}
- (NSUInteger)staticThreadgroupMemoryLength {
  return staticBytes;
}
- (BOOL)supportIndirectCommandBuffers {
  return indirect;
}
- (MTLResourceID)gpuResourceID {
  return (MTLResourceID){(uint64_t)serial};
}
- (void)finish {
  if (inFlight > 0)
    soft_finding("released-in-flight", self, "freed while a command buffer still uses it");
}
@end
