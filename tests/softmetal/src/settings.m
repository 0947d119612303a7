/* What the software Metal pretends to be, and how it runs. */
#include "soft.h"
#include <pthread.h>
#include <stddef.h>

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
