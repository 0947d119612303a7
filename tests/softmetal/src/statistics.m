#include "soft.h"
#include <pthread.h>
#include <stdarg.h>
#include <time.h>

uint64_t soft_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000ull + now.tv_nsec;
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

/* Counters by name. */
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
