package dev.diecast.bindings.metal;

/** {@code MTLSize}: extents in threads or threadgroups. */
public record MetalSize(long width, long height, long depth) {}
