/*
 * What Diecast calls of the Objective-C runtime and of Metal, as C sees it. jextract makes the package
 * dev.diecast.bindings.metal.abi from this file: struct layouts, and a function descriptor for each shape.
 *
 * Three choices to know:
 *
 * - An object, a class, a selector, a pointer and an unsigned or signed 64-bit integer all travel in one integer
 *   register. Here they are all a `word`, which is a `long` in Java, so that sending a message makes no MemorySegment.
 *
 * - Everything is a function-pointer type, never a function. jextract looks functions up by a lookup of its own, and
 *   Diecast loads these libraries only when somebody asks for Metal, and from where it says.
 *
 * - No system header is included and no struct is anonymous: the output is the same on every machine.
 */
#ifndef DIECAST_METAL_ABI_H
#define DIECAST_METAL_ABI_H

typedef unsigned long word;
/*
 * BOOL. A C bool on arm64, a signed char on x86-64: one byte on both. Only 0 and 1 are ever passed, and what comes back
 * counts as true when it is not zero.
 */
typedef signed char flag;

/* Structs of Foundation and Metal. */

/*
 * A range by value fills two integer registers on both processors, exactly as its two fields would as two arguments, so
 * the shapes below count it as two words. That holds as long as both still fit into registers: x86-64 has six.
 */
struct NSRange {
  word location;
  word length;
};

/* 24 bytes. By value on x86-64 it is copied to the stack; on arm64 a pointer to a copy is passed. */
struct MTLSize {
  word width;
  word height;
  word depth;
};

/* One word by value on both processors. */
struct MTLResourceID {
  word _impl;
};

/* Two words by value, as NSRange. */
struct MTL4BufferRange {
  word bufferAddress;
  word length;
};

/* 16 bytes, returned in two registers on both processors. */
struct MTLSizeAndAlign {
  word size;
  word align;
};

/* 24 bytes, returned through a hidden pointer: on x86-64 by objc_msgSend_stret. */
struct NSOperatingSystemVersion {
  long majorVersion;
  long minorVersion;
  long patchVersion;
};

/* A block that captures nothing: the runtime neither copies nor frees it. */
struct Block_descriptor {
  unsigned long reserved;
  unsigned long size;
};

struct Block_literal {
  word isa;
  int flags;
  int reserved;
  word invoke;
  word descriptor;
};

/* What a block of one object argument runs: completion and feedback handlers. The first argument is the block. */
typedef void (*block_void_word)(word block, word object);

/* objc_msgSend by shape: what it returns, then what follows the receiver and the selector. */
typedef void (*send_void)(word self, word selector);
typedef void (*send_void_1)(word self, word selector, word a);
typedef void (*send_void_2)(word self, word selector, word a, word b);
typedef void (*send_void_3)(word self, word selector, word a, word b, word c);
typedef void (*send_void_4)(word self, word selector, word a, word b, word c, word d);
typedef void (*send_void_flag)(word self, word selector, flag a);
typedef void (*send_void_sizes)(word self, word selector, struct MTLSize a, struct MTLSize b);
typedef word (*send_word)(word self, word selector);
typedef word (*send_word_1)(word self, word selector, word a);
typedef word (*send_word_2)(word self, word selector, word a, word b);
typedef word (*send_word_3)(word self, word selector, word a, word b, word c);
typedef word (*send_word_4)(word self, word selector, word a, word b, word c, word d);
typedef flag (*send_flag)(word self, word selector);
typedef flag (*send_flag_1)(word self, word selector, word a);
typedef flag (*send_flag_2)(word self, word selector, word a, word b);
typedef double (*send_real)(word self, word selector);
typedef struct MTLSize (*send_size)(word self, word selector);
typedef struct NSOperatingSystemVersion (*send_version)(word self, word selector);
typedef struct MTLSizeAndAlign (*send_size_and_align_2)(word self, word selector, word a, word b);

/* Entry points of the Objective-C runtime, each named as the symbol it types. */
typedef word (*objc_getClass_t)(word name);
typedef word (*sel_registerName_t)(word name);
typedef word (*object_getClass_t)(word object);
typedef word (*class_getName_t)(word cls);
typedef flag (*class_respondsToSelector_t)(word cls, word selector);
typedef word (*objc_autoreleasePoolPush_t)(void);
typedef void (*objc_autoreleasePoolPop_t)(word pool);
typedef word (*objc_retain_t)(word object);
typedef void (*objc_release_t)(word object);

/* Entry points of Metal and of libdispatch. Objects come back with a retain count of one that the caller owns. */
typedef word (*MTLCreateSystemDefaultDevice_t)(void);
typedef word (*MTLCopyAllDevices_t)(void);
typedef word (*dispatch_data_create_t)(word bytes, unsigned long size, word queue, word destructor);

#endif
