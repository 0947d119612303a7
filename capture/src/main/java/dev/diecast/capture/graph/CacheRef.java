package dev.diecast.capture.graph;

/**
 * A KV cache of one layer: float16, one row of {@code width} elements per position.
 *
 * @param name unique, for example {@code blk.3.k}
 * @param layer the layer
 * @param width elements per position
 */
public record CacheRef(String name, int layer, int width) {}
