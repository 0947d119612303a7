#include "accessors.h"
#include "resources.h"
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

static SoftMTLBuffer *buffers;
static size_t allocated;
static uint64_t next_address = 0x100000000000ull;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

size_t soft_page(void) { return sysconf(_SC_PAGESIZE); }

static size_t whole_pages(size_t bytes) {
  return (bytes + soft_page() - 1) / soft_page() * soft_page();
}

uint8_t *soft_map(size_t bytes) {
  void *at = mmap(NULL, whole_pages(bytes), PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) return NULL;
  __atomic_add_fetch(&allocated, whole_pages(bytes), __ATOMIC_RELAXED);
  return at;
}

/* The addresses stay taken: a late look at freed memory reads zeros and ends no process. */
void soft_unmap(uint8_t *at, size_t bytes) {
  madvise(at, whole_pages(bytes), MADV_DONTNEED);
  __atomic_sub_fetch(&allocated, whole_pages(bytes), __ATOMIC_RELAXED);
}

size_t soft_allocated_bytes(void) { return __atomic_load_n(&allocated, __ATOMIC_RELAXED); }

bool soft_is_mapped(const void *at, size_t bytes) {
  unsigned char resident[256];
  size_t step = sizeof resident * soft_page();
  for (size_t done = 0; done < bytes; done += step) {
    size_t part = bytes - done < step ? bytes - done : step;
    if (mincore((char *)at + done, whole_pages(part), resident) != 0) return false;
  }
  return true;
}

static void enlist(SoftMTLBuffer *buffer) {
  pthread_mutex_lock(&lock);
  buffer->address = next_address;
  next_address += (buffer->length + (1 << 17)) / (1 << 16) * (1 << 16);
  buffer->next = buffers;
  buffers = buffer;
  pthread_mutex_unlock(&lock);
}

static void delist(SoftMTLBuffer *buffer) {
  pthread_mutex_lock(&lock);
  SoftMTLBuffer **at = &buffers;
  while (*at && *at != buffer) at = &(*at)->next;
  if (*at) *at = buffer->next;
  pthread_mutex_unlock(&lock);
}

SoftMTLBuffer *soft_buffer_at(uint64_t address) {
  pthread_mutex_lock(&lock);
  SoftMTLBuffer *found = buffers;
  while (found && !(address >= found->address && address < found->address + found->length))
    found = found->next;
  pthread_mutex_unlock(&lock);
  return found;
}

static bool length_ok(id device, NSUInteger length) {
  if (length == 0) {
    soft_finding("buffer-length", device, "a buffer of no bytes");
    return false;
  }
  if (length > (NSUInteger)soft_settings.max_buffer_length) {
    soft_finding("max-buffer-length", device, "a buffer of %lu bytes, at most %ld are allowed",
                 length, (long)soft_settings.max_buffer_length);
    return false;
  }
  return true;
}

static SoftMTLBuffer *make(id device, NSUInteger length, NSUInteger options) {
  SoftMTLBuffer *buffer = soft_make(objc_lookUpClass("SoftMTLBuffer"));
  buffer->device = device;
  buffer->length = length;
  buffer->allocated = whole_pages(length);
  buffer->options = options;
  buffer->tracked = (options >> 8 & 3) != 1;
  return buffer;
}

id soft_new_buffer(id device, NSUInteger length, NSUInteger options) {
  if (!length_ok(device, length)) return nil;
  uint8_t *bytes = soft_map(length);
  if (!bytes) return nil;
  SoftMTLBuffer *buffer = make(device, length, options);
  buffer->bytes = bytes;
  buffer->mapped = length;
  enlist(buffer);
  return soft_give(buffer);
}

id soft_new_buffer_no_copy(id device, void *bytes, NSUInteger length, NSUInteger options,
                           Block *deallocator) {
  if (!length_ok(device, length)) return nil;
  if ((uintptr_t)bytes % soft_page() || length % soft_page()) {
    soft_finding("no-copy-alignment", device,
                 "memory at %p of %lu bytes is not in whole pages of %zu", bytes, length,
                 soft_page());
    return nil;
  }
  if (soft_strict() && !soft_is_mapped(bytes, length)) {
    soft_finding("no-copy-unmapped", device, "memory at %p of %lu bytes is not mapped", bytes,
                 length);
    return nil;
  }
  if ((options >> 4 & 15) == SOFT_PRIVATE) {
    soft_finding("no-copy-storage", device, "memory of the CPU cannot be private");
    return nil;
  }
  SoftMTLBuffer *buffer = make(device, length, options);
  buffer->bytes = bytes;
  buffer->noCopy = true;
  if (deallocator) buffer->deallocator = _Block_copy(deallocator);
  enlist(buffer);
  return soft_give(buffer);
}

/* A part of a heap; the heap keeps its place. */
SoftMTLBuffer *soft_make_part(SoftMTLHeap *heap, NSUInteger length, NSUInteger offset) {
  SoftMTLBuffer *buffer =
      make(heap->device, length, heap->storage << 4 | heap->hazard << 8 | heap->cacheMode);
  buffer->tracked = heap->hazard == 2;
  buffer->heap = soft_hold(heap);
  buffer->heapOffset = offset;
  buffer->bytes = heap->bytes + offset;
  enlist(buffer);
  return buffer;
}

void soft_heap_remove(SoftMTLHeap *heap, SoftMTLBuffer *part);

@implementation SoftMTLAllocation
- (NSUInteger)allocatedSize {
  return 0;
}
- (void)finish {
  if (inFlight > 0)
    soft_finding("released-in-flight", self, "freed while a command buffer still uses it");
}
@end

@implementation SoftMTLResource
OBJECT(label, setLabel, "NSString")
- (id)device {
  return device;
}
- (NSUInteger)cpuCacheMode {
  return options & 15;
}
- (NSUInteger)storageMode {
  return options >> 4 & 15;
}
- (NSUInteger)hazardTrackingMode {
  return options >> 8 & 3;
}
- (NSUInteger)resourceOptions {
  return options;
}
- (id)heap {
  return heap;
}
- (NSUInteger)heapOffset {
  return heapOffset;
}
- (NSUInteger)allocatedSize {
  return allocated;
}
- (void)finish {
  [super finish];
  soft_drop(label);
}
@end

@implementation SoftMTLBuffer
- (NSUInteger)length {
  return length;
}
- (void *)contents {
  return (options >> 4 & 15) == SOFT_PRIVATE ? NULL : bytes;
}
- (void)didModifyRange:(NSRange)range {
  soft_finding("did-modify-range", self, "only managed buffers are told of changes");
}
- (uint64_t)gpuAddress {
  return address;
}
- (void)finish {
  [super finish];
  delist(self);
  if (heap) {
    soft_heap_remove(heap, self);
    soft_drop(heap);
  } else if (mapped) {
    soft_unmap(bytes, mapped);
  }
  if (deallocator) {
    ((void (*)(Block *, void *, NSUInteger))deallocator->invoke)(deallocator, bytes, length);
    _Block_release(deallocator);
  }
}
@end
