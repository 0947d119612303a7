/**
 * Everything that multiplies by weights, straight on the GGUF blocks of the mapped file: matrix
 * times vector for decoding, matrix times a few vectors for prefill, per head, per expert,
 * transposed, and the embedding lookup.
 *
 * <p>A dispatch holds {@code Segment}s that multiply the same {@code Vectors}, normed first or not,
 * by {@code Weights} of one type each; a {@code Grouping} says which vectors meet which matrix. A
 * {@code WeightedSum} adds the products of several matrices up instead.
 */
@org.jspecify.annotations.NullMarked
package dev.diecast.replay.cpu.gemv;
