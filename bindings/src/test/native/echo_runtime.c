/*
 * As much of an Objective-C runtime as it takes to see what a message really carries. A selector points to the C function
 * that every object runs for it, written with the types that Apple declares, and compiled by this machine's C compiler:
 * the function notes what reached it in `echo`. What answers a selector that has no function is the end of the process.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long NSUInteger;
typedef long NSInteger;
#ifdef __aarch64__
typedef _Bool BOOL;
#else
typedef signed char BOOL;
#endif
typedef struct { NSUInteger location, length; } NSRange;
typedef struct { NSUInteger width, height, depth; } MTLSize;
typedef struct { NSUInteger size, align; } MTLSizeAndAlign;
typedef struct { NSInteger major, minor, patch; } NSOperatingSystemVersion;

typedef struct object { struct object *isa; const char *text; long retains; } *id;
typedef struct selector { void (*function)(void); const char *name; struct selector *next; } *SEL;
struct block { void *isa; int flags, reserved; void (*invoke)(struct block *, id); struct { unsigned long reserved, size; } *descriptor; };

/* What the last message carried, and what the runtime was asked. */
struct { long words[8]; long pools; long retains; long releases; const char *forgotten; struct block *block; } echo;

static struct object meta = {&meta, "Meta", 1}, class_object = {&meta, "EchoObject", 1};
static struct object the_object = {&class_object, "text of the object", 1};
static struct object the_error = {&class_object, "text of the error", 1};

static void note(int count, const long *words) { memcpy(echo.words, words, count * sizeof(long)); }
#define NOTE(...) do { long words_[] = {__VA_ARGS__}; note(sizeof words_ / sizeof *words_, words_); } while (0)

static id nothing(id self, SEL s) { (void)s; return self; }
static void take1(id self, SEL s, NSUInteger a) { (void)s; NOTE((long)self, a); }
static void take2(id self, SEL s, NSUInteger a, NSUInteger b) { (void)s; NOTE((long)self, a, b); }
static void take3(id self, SEL s, id a, NSUInteger b, NSUInteger c) { (void)s; NOTE((long)self, (long)a, b, c); }
static void take_range(id self, SEL s, id a, NSRange b) { (void)s; NOTE((long)self, (long)a, b.location, b.length); }
static void take_buffers(id self, SEL s, const id *a, const NSUInteger *b, NSRange c) {
  (void)s; NOTE((long)self, (long)a[1], b[1], c.location, c.length);
}
static void take_flag(id self, SEL s, BOOL a) { (void)s; NOTE((long)self, a); }
static void take_sizes(id self, SEL s, MTLSize a, MTLSize b) {
  (void)s; NOTE((long)self, a.width, a.height, a.depth, b.width, b.height, b.depth);
  /* A callee may do as it likes with arguments passed by value; the next dispatch must not see it. */
  ((volatile MTLSize *)&a)->width = 77; ((volatile MTLSize *)&b)->depth = 77;
}
static id give_after4(id self, SEL s, void *a, NSUInteger b, NSUInteger c, void *d) {
  (void)s; NOTE((long)self, (long)a, b, c, (long)d); return &the_object;
}
static NSUInteger give_number(id self, SEL s) { (void)self; (void)s; return 0xFEDCBA9876543210UL; }
static double give_time(id self, SEL s) { (void)self; (void)s; return 1.25; }
static BOOL give_yes_to_1009(id self, SEL s, NSInteger a) { (void)self; (void)s; return a == 1009; }
/* Only the lowest byte of a BOOL means anything: this one is NO. */
static long give_dirty_no(id self, SEL s) { (void)self; (void)s; return 0x5500; }
static BOOL give_reached(id self, SEL s, NSUInteger a, NSUInteger b) { (void)self; (void)s; return a == 3 && b == 50; }
static MTLSize give_size(id self, SEL s) { (void)s; NOTE((long)self); return (MTLSize){1024, 512, 64}; }
static NSOperatingSystemVersion give_version(id self, SEL s) { (void)self; (void)s; return (NSOperatingSystemVersion){26, 1, 2}; }
static MTLSizeAndAlign give_size_and_align(id self, SEL s, NSUInteger a, NSUInteger b) {
  (void)s; NOTE((long)self, a, b); return (MTLSizeAndAlign){a + 1, b + 256};
}
static const char *give_characters(id self, SEL s) { (void)s; return self->text; }
static id give_string(id self, SEL s, const char *a) { (void)self; (void)s; the_object.text = strdup(a); return &the_object; }
static id give_nil(id self, SEL s) { (void)self; (void)s; return NULL; }
static id fail_with_error(id self, SEL s, id a, id b, id *error) { (void)self; (void)s; (void)a; (void)b; *error = &the_error; return NULL; }
static id fail_without_error(id self, SEL s, id a, id *error) { (void)self; (void)s; (void)a; (void)error; return NULL; }
static void *call_block(void *object) { echo.block->invoke(echo.block, object); return NULL; }
static void take_block(id self, SEL s, struct block *a) {
  (void)s; NOTE(a->flags, a->descriptor->size);
  echo.block = a;
  pthread_t thread; pthread_create(&thread, NULL, call_block, self); pthread_join(thread, NULL);
}

static const struct { const char *name; void *function; } METHODS[] = {
  {"new", nothing}, {"setLabel:", take1}, {"addAllocation:", take1}, {"memoryBarrierWithScope:", take1},
  {"setAddress:atIndex:", take2}, {"setBuffer:offset:atIndex:", take3}, {"executeCommandsInBuffer:withRange:", take_range},
  {"setBuffers:offsets:withRange:", take_buffers}, {"setInheritBuffers:", take_flag},
  {"dispatchThreadgroups:threadsPerThreadgroup:", take_sizes},
  {"newBufferWithBytesNoCopy:length:options:deallocator:", give_after4}, {"maxBufferLength", give_number},
  {"GPUStartTime", give_time}, {"supportsFamily:", give_yes_to_1009}, {"isLowPower", give_dirty_no},
  {"waitUntilSignaledValue:timeoutMS:", give_reached}, {"maxThreadsPerThreadgroup", give_size}, {"processInfo", nothing},
  {"operatingSystemVersion", give_version}, {"heapBufferSizeAndAlignWithLength:options:", give_size_and_align},
  {"UTF8String", give_characters}, {"stringWithUTF8String:", give_string}, {"name", nothing}, {"domain", nothing},
  {"localizedDescription", nothing}, {"code", give_number}, {"newSharedEvent", give_nil},
  {"newLibraryWithSource:options:error:", fail_with_error}, {"newLibraryWithURL:error:", fail_without_error},
  {"fileURLWithPath:", nothing}, {"setFastMathEnabled:", take_flag}, {"setLanguageVersion:", take1},
  {"addCompletedHandler:", take_block}, {"setBarrier", nothing},
};

static SEL selectors;

SEL sel_registerName(const char *name) {
  for (SEL s = selectors; s; s = s->next) if (!strcmp(s->name, name)) return s;
  SEL s = calloc(1, sizeof *s);
  s->name = strdup(name); s->next = selectors; selectors = s;
  for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
    if (!strcmp(METHODS[i].name, name)) s->function = (void (*)(void))METHODS[i].function;
  return s;
}

/* There are no classes but those of objects. Everything is understood, except the one selector that a test has the runtime forget. */
BOOL class_respondsToSelector(id cls, SEL s) { (void)cls; return !echo.forgotten || strcmp(echo.forgotten, s->name); }
id objc_getClass(const char *name) { (void)name; return NULL; }
id object_getClass(id object) { return object->isa; }
const char *class_getName(id cls) { return cls->text; }
void *objc_autoreleasePoolPush(void) { echo.pools++; return &echo; }
void objc_autoreleasePoolPop(void *pool) { if (pool != &echo) abort(); echo.pools--; }
id objc_retain(id object) { echo.retains++; return object; }
void objc_release(id object) { (void)object; echo.releases++; }
id MTLCreateSystemDefaultDevice(void) { return &the_object; }
id MTLCopyAllDevices(void) { return NULL; }
void *_NSConcreteGlobalBlock[32];
void *dispatch_data_create(const void *bytes, unsigned long size, void *queue, void *destructor) {
  (void)bytes; (void)size; (void)queue; (void)destructor; return NULL;
}

#ifdef __APPLE__
#define SYMBOL(name) "_" name
#else
#define SYMBOL(name) name
#endif
#ifdef __aarch64__
__asm__(".text\n.globl " SYMBOL("objc_msgSend") "\n" SYMBOL("objc_msgSend") ":\n ldr x16, [x1]\n br x16\n");
#else
__asm__(".text\n.globl " SYMBOL("objc_msgSend") "\n" SYMBOL("objc_msgSend") ":\n jmp *(%rsi)\n"
        ".globl " SYMBOL("objc_msgSend_stret") "\n" SYMBOL("objc_msgSend_stret") ":\n jmp *(%rdx)\n");
#endif
#ifdef __linux__
__asm__(".section .note.GNU-stack,\"\",%progbits\n.text\n");
#endif
