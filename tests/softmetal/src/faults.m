#include "faults.h"
#include "foundation.h"
#include "soft.h"
#include <pthread.h>

struct planned {
  char selector[128];
  uint64_t occurrence; /* 0: every one */
  struct soft_fault fault;
};
static struct planned planned[64];
static int planned_count;
int soft_any_fault;
static __thread struct soft_fault carried;

void soft_inject(const char *selector, int64_t occurrence, int32_t kind, int64_t detail) {
  if (planned_count == 64) return;
  struct planned *p = &planned[planned_count++];
  snprintf(p->selector, sizeof p->selector, "%s", selector);
  p->occurrence = occurrence;
  p->fault = (struct soft_fault){kind, detail};
  soft_any_fault = 1;
}

void soft_inject_nothing(void) {
  planned_count = 0;
  soft_any_fault = 0;
}

struct soft_fault soft_fault_for(const char *selector, uint64_t occurrence) {
  for (int i = 0; i < planned_count; i++) {
    bool hit = planned[i].occurrence == 0 || planned[i].occurrence == occurrence;
    if (hit && strcmp(planned[i].selector, selector) == 0) {
      soft_count("faults");
      return planned[i].fault;
    }
  }
  return (struct soft_fault){SOFT_FAULT_NONE, 0};
}

void soft_carry_fault(struct soft_fault fault) { carried = fault; }

struct soft_fault soft_take_fault(void) {
  struct soft_fault fault = carried;
  carried = (struct soft_fault){SOFT_FAULT_NONE, 0};
  return fault;
}

static id nothing(void) { return nil; }

static id set(id *error, SEL selector) {
  if (error)
    *error = soft_lend(soft_error("SoftMetalInjected", 1, "injected failure of %s",
                                  sel_getName(selector)));
  return nil;
}

static id error_1(id self, SEL s, id *e) { return set(e, s); }
static id error_2(id self, SEL s, void *a, id *e) { return set(e, s); }
static id error_3(id self, SEL s, void *a, void *b, id *e) { return set(e, s); }
static id error_4(id self, SEL s, void *a, void *b, void *c, id *e) { return set(e, s); }

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

static bool is_one_of(const char *name, const char *const *names) {
  for (; *names; names++)
    if (strcmp(*names, name) == 0) return true;
  return false;
}

/* Objects that are never missing, or whose absence is no failure. */
static const char *const SURE[] = {
    "retain", "autorelease", "init", "error", "logs", "userInfo", "heap", "label", "domain",
    "localizedDescription", "device", "commandQueue", "commandBuffer:", "url", "outputURL",
    "binaryArchives", "constantValues", "sampleBuffer", "counterSet", "installName", NULL};
static const char *const GPU[] = {"commit",
                                  "commit:count:",
                                  "commit:count:options:",
                                  "dispatchThreadgroups:threadsPerThreadgroup:",
                                  "dispatchThreads:threadsPerThreadgroup:",
                                  "executeCommandsInBuffer:withRange:",
                                  NULL};

const char *soft_way_to_fail(const char *selector, const char *encoding) {
  bool tells = ends_with(selector, "rror:");
  switch (encoding[0]) {
    case '@':
      return is_one_of(selector, SURE) ? NULL : tells ? "error" : "nil";
    case 'C':
    case 'c':
    case 'B':
      if (tells) return "error";
      return strncmp(selector, "supports", 8) == 0 || strncmp(selector, "wait", 4) == 0 ? "no"
                                                                                       : NULL;
    case '^':
      return strcmp(selector, "contents") == 0 ? "nil" : NULL;
    default:
      return is_one_of(selector, GPU) ? "gpu" : NULL;
  }
}

IMP soft_failing(const char *selector, const char *encoding) {
  const char *way = soft_way_to_fail(selector, encoding);
  if (!way || strcmp(way, "gpu") == 0) return NULL;
  if (strcmp(way, "error") != 0) return (IMP)nothing;
  int arguments = 0;
  for (const char *c = selector; *c; c++) arguments += *c == ':';
  static const IMP by_place[] = {(IMP)error_1, (IMP)error_2, (IMP)error_3, (IMP)error_4};
  return arguments >= 1 && arguments <= 4 ? by_place[arguments - 1] : (IMP)nothing;
}
