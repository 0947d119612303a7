package dev.diecast.kernels.host;

/**
 * What a dispatch read and wrote of one buffer, in bytes.
 *
 * @param name of the argument
 * @param read summed over all accesses
 * @param written summed over all accesses
 * @param distinctRead bytes that were read at least once
 * @param distinctWritten bytes that were written at least once
 */
public record BufferTraffic(
    String name, long read, long written, long distinctRead, long distinctWritten) {}
