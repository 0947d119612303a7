/* Libraries, functions and compute pipelines. */
#pragma once
#include "accessors.h"
#include "executor.h"
#include "foundation.h"
#include "soft.h"

@interface SoftMTLLibrary : NSObject {
 @public
  id device;
  int64_t number;
  uint64_t hash;
  char *description;
}
@end

@interface SoftMTLFunction : NSObject {
 @public
  id device, library, name;
  char *constants; /* "NAME=VALUE" lines */
}
@end

struct soft_argument {
  uint32_t index;
  bool threadgroup, writes;
  bool optional; /* whether it exists follows from more than one constant: may be unbound */
  uint64_t bytes; /* at least; 0 when the signature does not say */
  char name[48];
};

@interface SoftMTLComputePipelineState : NSObject {
 @public
  id device;
  int64_t number;
  NSUInteger maxThreads, staticBytes;
  bool indirect;
  int inFlight;
  char name[64];
  struct soft_argument arguments[64];
  NSUInteger argumentCount;
}
@end

@interface MTLComputePipelineDescriptor : NSObject {
 @public
  id label, computeFunction, stageInputDescriptor, binaryArchives;
  BOOL threadGroupSizeIsMultipleOfThreadExecutionWidth, supportIndirectCommandBuffers;
  NSUInteger maxTotalThreadsPerThreadgroup;
  NSInteger shaderValidation;
  MTLSize requiredThreadsPerThreadgroup;
}
@end

/* +1 for the library; nil with an error. */
id soft_new_library(id device, const char *text, size_t bytes, id options, id *error);
id soft_new_library_from_file(id device, const char *path, id *error);
id soft_new_library_from_data(id device, const void *data, size_t bytes, id *error);
id soft_new_pipeline(id device, SoftMTLFunction *function, bool indirect, NSUInteger most_threads,
                     id *error);
/* What an archive finds a pipeline by. */
uint64_t soft_pipeline_key(SoftMTLFunction *function, bool indirect);
uint64_t soft_hash(uint64_t start, const void *bytes, size_t size);
bool soft_archive_holds(id archive, uint64_t key);
id soft_new_archive(id device, id descriptor, id *error);
/* The "NAME=VALUE" lines for a library, or NULL with a finding or an error. */
char *soft_constant_lines(id values, SoftMTLLibrary *library);
