#include "soft.h"
#include <pthread.h>
#include <stdarg.h>

struct finding {
  char rule[48], object[96];
  char *message;
  uint64_t count;
};
enum { FINDINGS = 1000 };
static struct finding findings[FINDINGS];
static size_t finding_count;
static pthread_mutex_t finding_lock = PTHREAD_MUTEX_INITIALIZER;

static bool same(const struct finding *a, const struct finding *b) {
  return strcmp(a->rule, b->rule) == 0 && strcmp(a->object, b->object) == 0
         && strcmp(a->message, b->message) == 0;
}

static void add(struct finding *f) {
  pthread_mutex_lock(&finding_lock);
  size_t i = 0;
  while (i < finding_count && !same(&findings[i], f)) i++;
  if (i < finding_count) {
    findings[i].count++;
    free(f->message);
  } else if (finding_count < FINDINGS) {
    findings[finding_count++] = *f;
  } else {
    free(f->message);
  }
  pthread_mutex_unlock(&finding_lock);
}

/* A finding that the host execution of kernels made; `rule` and `message` are its own. */
void soft_report(const char *rule, const char *object, const char *message) {
  struct finding f = {.count = 1, .message = strdup(message)};
  snprintf(f.rule, sizeof f.rule, "%s", rule);
  snprintf(f.object, sizeof f.object, "%s", object);
  for (char *c = f.message; *c; c++)
    if (*c == '\n' || *c == '\t') *c = ' ';
  add(&f);
}

/* Zombies that are no longer kept have no name. */
static void print_name(id object, char *name, size_t room) {
  switch (soft_state_of(object)) {
    case SOFT_CLASS: snprintf(name, room, "%s", class_getName((Class)object)); break;
    case SOFT_UNKNOWN: break;
    default:
      snprintf(name, room, "%s#%lu", soft_class_name(object),
               (unsigned long)((NSObject *)object)->serial);
  }
}

void soft_finding(const char *rule, id object, const char *format, ...) {
  if (!soft_strict()) return;
  char message[1024], name[96] = "";
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  if (object) print_name(object, name, sizeof name);
  soft_report(rule, name, message);
}

/* Rule, object, count, message; a line each. */
size_t soft_findings(char *out, size_t room) {
  struct soft_text text = {out, room, 0};
  pthread_mutex_lock(&finding_lock);
  for (size_t i = 0; i < finding_count; i++)
    soft_print(&text, "%s\t%s\t%lu\t%s\n", findings[i].rule, findings[i].object,
               (unsigned long)findings[i].count, findings[i].message);
  pthread_mutex_unlock(&finding_lock);
  return text.wanted;
}

void soft_forget_findings(void) {
  pthread_mutex_lock(&finding_lock);
  for (size_t i = 0; i < finding_count; i++) free(findings[i].message);
  finding_count = 0;
  pthread_mutex_unlock(&finding_lock);
}
