package dev.diecast.tests.softmetal;

import java.util.Locale;

/** What the software Metal pretends to be, and how it runs. */
public enum Setting {
  /** Of macOS; 26 unless set. */
  OS_MAJOR,
  /** Of macOS. */
  OS_MINOR,
  /** Of macOS. */
  OS_PATCH,
  /** MTLGPUFamily: 1007 is the M1's, 1009, the default, the M3's. */
  FAMILY,
  /** Whether the GPU offers Metal 4. */
  METAL4,
  /** Bytes. */
  MAX_BUFFER_LENGTH,
  /** Bytes: recommendedMaxWorkingSetSize. */
  WORKING_SET,
  /** Threads that a pipeline allows in a threadgroup. */
  MAX_THREADS,
  /** Run nothing and check nothing, for measurements of the host's time. */
  NULL_MODE,
  /** Run dispatches that nothing orders in random order; on unless set. */
  SHUFFLE,
  /** Of the random order. */
  SEED,
  /** After so many milliseconds a wait for an event counts as endless. */
  EVENT_TIMEOUT_MS,
  /** Whether captures to a file are enabled. */
  CAPTURE,
  /** NSProcessInfo's isLowPowerModeEnabled. */
  LOW_POWER,
  /** NSProcessInfo's thermalState. */
  THERMAL_STATE,
  /** Whether what a heap gives is filled with rubbish; on unless set. */
  POISON;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
