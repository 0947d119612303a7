#include "messages.h"
#include "soft.h"
#include <pthread.h>

/* Objects by address, so that a stray pointer or a zombie is known before it is touched. */
enum { BUCKETS = 1 << 14 };
static NSObject *buckets[BUCKETS];
static NSObject **oldest;
static size_t zombies, zombie_at, zombie_room;
static uint64_t serials;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t bucket_of(const void *address) {
  return ((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15ull >> 50;
}

static bool is_known(id object) {
  for (NSObject *o = buckets[bucket_of(object)]; o; o = o->nextInBucket)
    if (o == (NSObject *)object) return true;
  return false;
}

static void forget(NSObject *object) {
  NSObject **at = &buckets[bucket_of(object)];
  while (*at && *at != object) at = &(*at)->nextInBucket;
  if (*at) *at = object->nextInBucket;
}

/* The oldest zombie is freed when too many are kept. Holds the lock. */
static void keep_zombie(NSObject *object) {
  if (!oldest) {
    zombie_room = soft_settings.quarantine > 0 ? soft_settings.quarantine : 1;
    oldest = calloc(zombie_room, sizeof *oldest);
  }
  if (zombies == zombie_room) {
    forget(oldest[zombie_at]);
    object_dispose((id)oldest[zombie_at]);
  } else {
    zombies++;
  }
  oldest[zombie_at] = object;
  zombie_at = (zombie_at + 1) % zombie_room;
}

id soft_make(Class cls) {
  NSObject *object = (NSObject *)class_createInstance(cls, 0);
  object->references = 1;
  pthread_mutex_lock(&lock);
  object->serial = ++serials;
  NSObject **bucket = &buckets[bucket_of(object)];
  object->nextInBucket = *bucket;
  *bucket = object;
  pthread_mutex_unlock(&lock);
  return (id)object;
}

id soft_give(id object) {
  if (object) __atomic_add_fetch(&((NSObject *)object)->owned, 1, __ATOMIC_SEQ_CST);
  return object;
}

id soft_lend(id object) {
  if (object && !soft_pool_add(object)) {
    soft_finding("no-autorelease-pool", object,
                 "an autoreleased object is made on a thread without a pool: it leaks");
  }
  return object;
}

id soft_hold(id object) {
  if (object) __atomic_add_fetch(&((NSObject *)object)->references, 1, __ATOMIC_SEQ_CST);
  return object;
}

void soft_drop(id object) {
  if (!object) return;
  NSObject *o = (NSObject *)object;
  if (__atomic_sub_fetch(&o->references, 1, __ATOMIC_SEQ_CST) != 0) return;
  [o finish];
  pthread_mutex_lock(&lock);
  keep_zombie(o);
  pthread_mutex_unlock(&lock);
}

void soft_assign(id *place, id object) {
  soft_hold(object);
  id old = *place;
  *place = object;
  soft_drop(old);
}

id soft_caller_retain(id object) { return soft_give(soft_hold(object)); }

void soft_caller_release(id object) {
  NSObject *o = (NSObject *)object;
  if (!o) return;
  if (__atomic_load_n(&o->owned, __ATOMIC_SEQ_CST) <= 0) {
    soft_finding("over-release", object, "released more often than retained or made");
    return;
  }
  __atomic_sub_fetch(&o->owned, 1, __ATOMIC_SEQ_CST);
  soft_drop(object);
}

/* The caller's reference goes over to the pool. */
id soft_caller_autorelease(id object) {
  NSObject *o = (NSObject *)object;
  if (!o) return object;
  if (__atomic_load_n(&o->owned, __ATOMIC_SEQ_CST) <= 0) {
    soft_finding("over-release", object, "autoreleased more often than retained or made");
    return object;
  }
  __atomic_sub_fetch(&o->owned, 1, __ATOMIC_SEQ_CST);
  return soft_lend(object);
}

enum soft_state soft_state_of(id object) {
  pthread_mutex_lock(&lock);
  bool known = is_known(object);
  pthread_mutex_unlock(&lock);
  if (known) {
    int references = __atomic_load_n(&((NSObject *)object)->references, __ATOMIC_SEQ_CST);
    return references > 0 ? SOFT_LIVE : SOFT_ZOMBIE;
  }
  return soft_is_class((Class)object) ? SOFT_CLASS : SOFT_UNKNOWN;
}

const char *soft_class_name(id object) {
  const char *name = class_getName(object_getClass(object));
  return strncmp(name, "Soft", 4) == 0 ? name + 4 : name;
}

static bool inherits(Class cls, const char *name) {
  for (; cls; cls = class_getSuperclass(cls)) {
    const char *own = class_getName(cls);
    if (strcmp(own, name) == 0 || (strncmp(own, "Soft", 4) == 0 && strcmp(own + 4, name) == 0))
      return true;
  }
  return false;
}

bool soft_is(id object, const char *class_name, const char *what) {
  if (!soft_strict()) return object != nil;
  if (!object) {
    soft_finding("nil-argument", nil, "%s is nil, not a %s", what, class_name);
    return false;
  }
  switch (soft_state_of(object)) {
    case SOFT_ZOMBIE:
      soft_finding("use-after-free", object, "%s was freed", what);
      return false;
    case SOFT_LIVE:
      if (inherits(object_getClass(object), class_name)) return true;
      soft_finding("wrong-class", object, "%s is a %s, not a %s", what, soft_class_name(object),
                   class_name);
      return false;
    default:
      soft_finding("not-an-object", nil, "%s is no object: %p", what, (void *)object);
      return false;
  }
}

bool soft_is_or_nil(id object, const char *class_name, const char *what) {
  return !object || soft_is(object, class_name, what);
}

/* Live objects but those that live as long as the process: class, address, references, serial; a
   line each. */
size_t soft_live_objects(char *out, size_t room) {
  struct soft_text text = {out, room, 0};
  pthread_mutex_lock(&lock);
  for (size_t b = 0; b < BUCKETS; b++)
    for (NSObject *o = buckets[b]; o; o = o->nextInBucket)
      if (o->references > 0 && o->references < 1 << 29)
        soft_print(&text, "%s\t%lu\t%d\t%lu\n", soft_class_name((id)o), (unsigned long)(uintptr_t)o,
                   o->references, (unsigned long)o->serial);
  pthread_mutex_unlock(&lock);
  return text.wanted;
}

/* Inline in GNU's headers; and not to be called from here, since this has its name. */
id object_getClass_exported(id object) __asm__("object_getClass");
id object_getClass_exported(id object) { return object ? *(id *)object : nil; }

id objc_retain(id object) {
  return soft_entry_ok(object, "retain") ? soft_caller_retain(object) : object;
}

void objc_release(id object) {
  if (soft_entry_ok(object, "release")) soft_caller_release(object);
}

@implementation NSObject
+ (void)initialize {
}
+ (id)alloc {
  return soft_give(soft_make((Class)self));
}
+ (id)new {
  return [[self alloc] init];
}
- (id)init {
  return self;
}
- (id)retain {
  return soft_caller_retain(self);
}
- (void)release {
  soft_caller_release(self);
}
- (id)autorelease {
  return soft_caller_autorelease(self);
}
- (void)finish {
}
@end
