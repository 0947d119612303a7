/**
 * Everything that multiplies by weights, straight on the GGUF blocks of the mapped file: matrix
 * times vector for decoding, matrix times a few vectors for prefill, per head, per expert,
 * transposed, and the embedding lookup.
 */
@org.jspecify.annotations.NullMarked
package dev.diecast.replay.cpu.gemv;
