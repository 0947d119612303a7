/* The state of the software Metal, its settings, findings and statistics. */
#pragma once
#include "objects.h"
#include <stdio.h>

enum { SOFT_SLOTS = 31, SOFT_THREADGROUP_BYTES = 32768 };

/* Settings; names are those that soft_set() takes. */
struct soft_settings {
  int64_t os_major, os_minor, os_patch;
  int64_t family;             /* MTLGPUFamily: 1007 is the M1's */
  int64_t metal4;             /* whether the GPU offers Metal 4 */
  int64_t max_buffer_length;  /* bytes */
  int64_t working_set;        /* bytes: recommendedMaxWorkingSetSize */
  int64_t max_threads;        /* of a pipeline's threadgroup */
  int64_t null_mode;          /* run nothing, check nothing */
  int64_t shuffle;            /* run unordered dispatches in random order */
  int64_t seed;
  int64_t event_timeout_ms;   /* after which a wait counts as endless */
  int64_t capture;            /* whether capture to a file is enabled */
  int64_t low_power;
  int64_t thermal_state;
  int64_t poison;             /* fill heap memory with garbage */
  int64_t quarantine;         /* zombies kept */
};
extern struct soft_settings soft_settings;
extern char soft_device_name[128];

static inline bool soft_strict(void) { return !soft_settings.null_mode; }

/* A broken rule. Equal ones are counted, not repeated. */
void soft_finding(const char *rule, id object, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Named counters. */
void soft_count(const char *name);

/* Nanoseconds of a clock that never goes back. */
uint64_t soft_now(void);
bool soft_os_at_least(int64_t major);

/* Appends to a text that a caller reads; never past its end. */
struct soft_text { char *at; size_t left, wanted; };
void soft_print(struct soft_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A random number of the run's seed. */
uint32_t soft_random(void);
