#include "messages.h"
#include "faults.h"
#include "methods.h"
#include "soft.h"
#include <objc/message.h>
#include <pthread.h>

/* What is known of a selector; the runtime has several SELs for one name. */
struct selector {
  char *name;
  uint64_t count, base; /* messages, and how many of them before the last mark */
  int64_t since;        /* first macOS, 0 when every one has it */
  struct selector *next;
};
struct known_class {
  Class cls;
  int64_t since;
};

enum { TABLE = 1 << 12 };
static struct { SEL key; struct selector *value; } table[TABLE];
static struct selector *selectors;
static struct known_class *classes;
static int class_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct selector *named(const char *name) {
  struct selector *s = selectors;
  while (s && strcmp(s->name, name) != 0) s = s->next;
  if (!s) {
    s = calloc(1, sizeof *s);
    s->name = strdup(name);
    s->next = selectors;
    selectors = s;
  }
  return s;
}

static struct selector *insert(SEL sel, size_t at) {
  pthread_mutex_lock(&lock);
  while (table[at].key && table[at].key != sel) at = (at + 1) % TABLE;
  if (!table[at].key) {
    table[at].value = named(sel_getName(sel));
    __atomic_store_n(&table[at].key, sel, __ATOMIC_RELEASE);
  }
  pthread_mutex_unlock(&lock);
  return table[at].value;
}

static struct selector *find(SEL sel) {
  size_t at = ((uintptr_t)(void *)sel >> 4) * 0x9E3779B97F4A7C15ull >> 52;
  for (;; at = (at + 1) % TABLE) {
    SEL key = __atomic_load_n(&table[at].key, __ATOMIC_ACQUIRE);
    if (key == sel) return table[at].value;
    if (!key) return insert(sel, at);
  }
}

struct two { uint64_t a, b; };
static struct two answer_zero(void) { return (struct two){0, 0}; }
static void *answer_zero_struct(MTLSize *out) {
  memset(out, 0, sizeof *out);
  return out;
}

/* Hidden struct places are in an ordinary register on x86-64 only. */
static IMP zero(bool stret) { return stret ? (IMP)answer_zero_struct : (IMP)answer_zero; }

static bool is_touchable(id self, const char *what) {
  switch (soft_state_of(self)) {
    case SOFT_ZOMBIE:
      soft_finding("use-after-free", self, "%s was sent to a freed object", what);
      return false;
    case SOFT_UNKNOWN:
      soft_finding("not-an-object", nil, "%s was sent to %p, which is no object", what,
                   (void *)self);
      return false;
    default:
      return true;
  }
}

bool soft_entry_ok(id object, const char *what) {
  if (!object || !soft_strict()) return object != nil;
  return is_touchable(object, what);
}

static IMP faulty(struct selector *s, uint64_t occurrence, Method method) {
  struct soft_fault fault = soft_fault_for(s->name, occurrence);
  if (fault.kind == SOFT_FAULT_CALL) return soft_failing(s->name, method_getTypeEncoding(method));
  soft_carry_fault(fault);
  return NULL;
}

IMP soft_lookup(id self, SEL sel, bool stret) {
  struct selector *s = find(sel);
  uint64_t occurrence = __atomic_add_fetch(&s->count, 1, __ATOMIC_RELAXED) - s->base;
  if (soft_strict() || soft_any_fault) {
    if (!is_touchable(self, s->name)) return zero(stret);
    Method method = soft_method(object_getClass(self), sel);
    if (!method || s->since > soft_settings.os_major) {
      soft_finding(method ? "unavailable-selector" : "unknown-selector", self,
                   method ? "%s needs macOS %ld" : "%s is not answered", s->name, (long)s->since);
      return zero(stret);
    }
    if (soft_any_fault) {
      IMP failing = faulty(s, occurrence, method);
      if (failing) return failing;
    }
  }
  return objc_msg_lookup(self, sel);
}

static const char *const FUNCTIONS[] = {"MTLCreateSystemDefaultDevice", "MTLCopyAllDevices",
                                        "dispatch_data_create"};

bool soft_function_fails(const char *name) {
  pthread_mutex_lock(&lock);
  struct selector *s = named(name);
  uint64_t occurrence = ++s->count - s->base;
  pthread_mutex_unlock(&lock);
  return soft_any_fault && soft_fault_for(name, occurrence).kind == SOFT_FAULT_CALL;
}

/* The runtime asks for classes while it still loads them, so the list may have to grow. */
static void list_classes(void) {
  pthread_mutex_lock(&lock);
  int count = objc_getClassList(NULL, 0);
  if (count != class_count) {
    Class *all = calloc(count, sizeof *all);
    count = objc_getClassList(all, count);
    free(classes);
    classes = calloc(count, sizeof *classes);
    for (int i = 0; i < count; i++) classes[i].cls = all[i];
    class_count = count;
    free(all);
  }
  pthread_mutex_unlock(&lock);
}

static struct known_class *known(Class cls) {
  for (int again = 0; again < 2; again++) {
    for (int i = 0; i < class_count; i++)
      if (classes[i].cls == cls) return &classes[i];
    list_classes();
  }
  return NULL;
}

bool soft_is_class(Class cls) { return known(cls) != NULL; }

/* The macOS that first has a selector or a class, as the facts say. */
void soft_since_selector(const char *name, int64_t major) {
  pthread_mutex_lock(&lock);
  named(name)->since = major;
  pthread_mutex_unlock(&lock);
}

void soft_since_class(const char *name, int64_t major) {
  struct known_class *k = known((Class)objc_lookUpClass(name));
  if (k) k->since = major;
}

/* The runtime's own functions, as an older macOS would answer them. */
Class soft_get_class(const char *name) __asm__("objc_getClass");
Class soft_get_class(const char *name) {
  Class cls = (Class)objc_lookUpClass(name);
  struct known_class *k = cls && strncmp(name, "Soft", 4) != 0 ? known(cls) : NULL;
  return k && k->since <= soft_settings.os_major ? cls : Nil;
}

BOOL soft_responds(Class cls, SEL sel) __asm__("class_respondsToSelector");
BOOL soft_responds(Class cls, SEL sel) {
  return cls && sel && soft_method(cls, sel)
         && find(sel)->since <= soft_settings.os_major;
}

/* Messages since the last mark: selector, count; a line each. */
size_t soft_messages(char *out, size_t room) {
  struct soft_text text = {out, room, 0};
  for (struct selector *s = selectors; s; s = s->next)
    if (s->count > s->base)
      soft_print(&text, "%s\t%lu\n", s->name, (unsigned long)(s->count - s->base));
  return text.wanted;
}

void soft_mark(void) {
  for (struct selector *s = selectors; s; s = s->next) s->base = s->count;
}

/* C functions and all methods of all classes: class, + or - or C, selector, encoding, way to fail;
   a line each. */
static void print_methods(struct soft_text *text, Class cls, Class of, char kind) {
  unsigned count = 0;
  Method *methods = class_copyMethodList(of, &count);
  for (unsigned i = 0; i < count; i++) {
    const char *name = sel_getName(method_getName(methods[i]));
    const char *encoding = method_getTypeEncoding(methods[i]);
    const char *way = soft_way_to_fail(name, encoding);
    soft_print(text, "%s\t%c\t%s\t%s\t%s\n", class_getName(cls), kind, name, encoding,
               way ? way : "");
  }
  free(methods);
}

size_t soft_methods(char *out, size_t room) {
  struct soft_text text = {out, room, 0};
  list_classes();
  for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
    soft_print(&text, "\tC\t%s\t@\tnil\n", FUNCTIONS[i]);
  for (int i = 0; i < class_count; i++) {
    print_methods(&text, classes[i].cls, classes[i].cls, '-');
    print_methods(&text, classes[i].cls, object_getClass((id)classes[i].cls), '+');
  }
  return text.wanted;
}
