package dev.diecast.capture.graph;

/**
 * A float32 (or, for expert ids, int32) activation of one token: {@code rows} rows of {@code width}
 * elements. A program for N tokens holds N of them.
 *
 * @param id unique in its graph, ascending in trace order
 * @param rows heads, expert slots or 1
 * @param width elements per row
 */
public record Value(int id, int rows, int width) {
  /** Elements per token. */
  public long elements() {
    return (long) rows * width;
  }
}
