/* The C types of Apple's headers that calls pass, and the Objective-C root class. */
#pragma once
#include <objc/objc.h>
#include <objc/runtime.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long NSUInteger;
typedef long NSInteger;

typedef struct MTLSize { NSUInteger width, height, depth; } MTLSize;
typedef struct NSRange { NSUInteger location, length; } NSRange;
typedef struct MTLResourceID { uint64_t _impl; } MTLResourceID;
typedef struct MTLSizeAndAlign { NSUInteger size, align; } MTLSizeAndAlign;
typedef struct MTL4BufferRange { uint64_t bufferAddress, length; } MTL4BufferRange;
typedef struct NSOperatingSystemVersion {
  NSInteger majorVersion, minorVersion, patchVersion;
} NSOperatingSystemVersion;

/* A block with one argument or none; `id` would be a lie to the collector of encodings. */
typedef struct Block {
  void *isa;
  int flags, reserved;
  void (*invoke)(struct Block *, id);
  void *descriptor;
} Block;
extern void *_Block_copy(const void *);
extern void _Block_release(const void *);

/*
 * The root. `references` is what keeps an object alive; `owned` is the part of it that the caller
 * outside this library holds, so that one release too many shows even while the library itself
 * still holds the object.
 */
__attribute__((objc_root_class)) @interface NSObject {
 @public
  Class isa;
  int references;
  int owned;
  uint64_t serial;
  NSObject *nextInBucket;
}
+ (void)initialize;
+ (id)alloc;
+ (id)new;
- (id)init;
- (id)retain;
- (void)release;
- (id)autorelease;
/* Called once, when the last reference goes; the memory stays as a zombie. */
- (void)finish;
@end
