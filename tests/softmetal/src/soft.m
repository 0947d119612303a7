#include "soft.h"
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#define DEFAULTS                                                                              \
  {                                                                                           \
    .os_major = 26, .os_minor = 0, .os_patch = 0, .family = 1009, .metal4 = 1,                \
    .max_buffer_length = 1ll << 36, .working_set = 1ll << 37, .max_threads = 1024,            \
    .shuffle = 1, .seed = 1, .event_timeout_ms = 10000, .capture = 1, .poison = 1,            \
    .quarantine = 1 << 16                                                                     \
  }
struct soft_settings soft_settings = DEFAULTS;
char soft_device_name[128] = "Software Metal";

static const struct { const char *name; size_t offset; } SETTINGS[] = {
#define SETTING(name) {#name, offsetof(struct soft_settings, name)}
    SETTING(os_major),    SETTING(os_minor),          SETTING(os_patch),
    SETTING(family),      SETTING(metal4),            SETTING(max_buffer_length),
    SETTING(working_set), SETTING(max_threads),       SETTING(null_mode),
    SETTING(shuffle),     SETTING(seed),              SETTING(event_timeout_ms),
    SETTING(capture),     SETTING(low_power),         SETTING(thermal_state),
    SETTING(poison),      SETTING(quarantine),
};

bool soft_os_at_least(int64_t major) { return soft_settings.os_major >= major; }

uint64_t soft_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000ull + now.tv_nsec;
}

static uint64_t random_state;
static pthread_mutex_t random_lock = PTHREAD_MUTEX_INITIALIZER;

static void seed(uint64_t value) {
  pthread_mutex_lock(&random_lock);
  random_state = value;
  pthread_mutex_unlock(&random_lock);
}

uint32_t soft_random(void) {
  pthread_mutex_lock(&random_lock);
  random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
  uint32_t value = random_state >> 33;
  pthread_mutex_unlock(&random_lock);
  return value;
}

/* Sets one of them; false when there is none of that name. */
int32_t soft_set(const char *name, int64_t value) {
  for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++)
    if (strcmp(SETTINGS[i].name, name) == 0) {
      memcpy((char *)&soft_settings + SETTINGS[i].offset, &value, sizeof value);
      if (strcmp(name, "seed") == 0) seed(value);
      return 1;
    }
  return 0;
}

void soft_set_device_name(const char *name) {
  snprintf(soft_device_name, sizeof soft_device_name, "%s", name);
}

void soft_defaults(void) {
  soft_settings = (struct soft_settings)DEFAULTS;
  soft_set_device_name("Software Metal");
  seed(soft_settings.seed);
}

void soft_print(struct soft_text *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(text->at, text->left, format, arguments);
  va_end(arguments);
  if (n < 0) return;
  text->wanted += n;
  size_t used = (size_t)n < text->left ? (size_t)n : text->left;
  text->at += used;
  text->left -= used;
}

/* Findings. */
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

void soft_finding(const char *rule, id object, const char *format, ...) {
  if (!soft_strict()) return;
  char message[1024], name[96] = "";
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  if (object)
    snprintf(name, sizeof name, "%s#%lu", soft_class_name(object),
             (unsigned long)((NSObject *)object)->serial);
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

/* Counters. */
static struct { const char *name; uint64_t value; } counters[64];
static pthread_mutex_t counter_lock = PTHREAD_MUTEX_INITIALIZER;

void soft_count(const char *name) {
  pthread_mutex_lock(&counter_lock);
  for (int i = 0; i < 64; i++) {
    if (!counters[i].name) counters[i].name = name;
    if (strcmp(counters[i].name, name) == 0) {
      counters[i].value++;
      break;
    }
  }
  pthread_mutex_unlock(&counter_lock);
}

int64_t soft_counter(const char *name) {
  int64_t value = 0;
  pthread_mutex_lock(&counter_lock);
  for (int i = 0; i < 64 && counters[i].name; i++)
    if (strcmp(counters[i].name, name) == 0) value = counters[i].value;
  pthread_mutex_unlock(&counter_lock);
  return value;
}
