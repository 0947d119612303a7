package dev.diecast.tools.inspect.flow;

/**
 * A dispatch reads bytes that an earlier one of the same program wrote last.
 *
 * @param from index of the dispatch that wrote them
 * @param to index of the dispatch that reads them
 * @param value what the bytes hold: the arena value's label, else the buffer's name
 * @param bytes how many, each counted once however many slots read it
 */
public record Dependency(int from, int to, String value, long bytes) {}
