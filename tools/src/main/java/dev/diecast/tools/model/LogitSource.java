package dev.diecast.tools.model;

/** Something that consumes tokens and yields logits. */
public interface LogitSource extends AutoCloseable {
  /** Values of one row. */
  int vocab();

  /** Consumes a token and fills in the logits of the one that follows. */
  void next(int token, float[] row);

  @Override
  void close();
}
