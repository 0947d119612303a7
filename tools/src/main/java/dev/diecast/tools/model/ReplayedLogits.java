package dev.diecast.tools.model;

import dev.diecast.capture.CompileOptions;
import dev.diecast.replay.SessionOptions;
import java.nio.file.Path;

/** Logits of a compiled plan, one decode step per token. */
public record ReplayedLogits(ReadyModel model) implements LogitSource {
  /** Compiles a plan for the model and binds it. */
  public static ReplayedLogits open(Path model, CompileOptions compile, SessionOptions options) {
    return new ReplayedLogits(ReadyModel.compile(model, _ -> compile, options));
  }

  @Override
  public int vocab() {
    return model.session().vocab();
  }

  @Override
  public void next(int token, float[] row) {
    model.session().feed(token);
    model.session().logits(row);
  }

  @Override
  public void close() {
    model.close();
  }
}
