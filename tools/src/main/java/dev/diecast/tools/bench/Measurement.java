package dev.diecast.tools.bench;

/**
 * What a benchmark found.
 *
 * @param decode decoded tokens per second
 * @param prefill prompt tokens per second
 * @param hostMicrosPerToken median time of a decode step spent outside the device
 * @param allocatedBytesPerToken heap allocated by all threads per decode step, the least of all
 *     rounds
 * @param firstTokenMillis from prompt to first token in the first round, cold
 * @param warmFirstTokenMillis the same in the timed rounds, their median
 */
public record Measurement(
    Spread decode,
    Spread prefill,
    double hostMicrosPerToken,
    double allocatedBytesPerToken,
    double firstTokenMillis,
    double warmFirstTokenMillis) {}
