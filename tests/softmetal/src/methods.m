#include "methods.h"
#include <pthread.h>

struct found {
  Class cls;
  SEL selector;
  Method method;
  struct found *next;
};
enum { BUCKETS = 1 << 10 };
static struct found *buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static Method own_method(Class cls, SEL selector) {
  unsigned count = 0;
  Method *methods = class_copyMethodList(cls, &count);
  Method found = NULL;
  for (unsigned i = 0; i < count && !found; i++)
    if (sel_isEqual(method_getName(methods[i]), selector)) found = methods[i];
  free(methods);
  return found;
}

static Method search(Class cls, SEL selector) {
  for (; cls; cls = class_getSuperclass(cls)) {
    Method method = own_method(cls, selector);
    if (method) return method;
  }
  return NULL;
}

static struct found *insert(Class cls, SEL selector, size_t bucket) {
  struct found *f = malloc(sizeof *f);
  pthread_mutex_lock(&lock);
  *f = (struct found){cls, selector, search(cls, selector), buckets[bucket]};
  __atomic_store_n(&buckets[bucket], f, __ATOMIC_RELEASE);
  pthread_mutex_unlock(&lock);
  return f;
}

Method soft_method(Class cls, SEL selector) {
  uintptr_t key = (uintptr_t)cls ^ (uintptr_t)(void *)selector >> 4;
  size_t bucket = key * 0x9E3779B97F4A7C15ull >> 54;
  struct found *f = __atomic_load_n(&buckets[bucket], __ATOMIC_ACQUIRE);
  while (f && !(f->cls == cls && f->selector == selector)) f = f->next;
  if (!f) f = insert(cls, selector, bucket);
  return f->method;
}
