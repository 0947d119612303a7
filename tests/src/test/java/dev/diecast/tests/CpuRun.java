package dev.diecast.tests;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import java.nio.file.Path;

/** A model compiled for the cpu device and opened, as tests need it. */
record CpuRun(GgufFile model, Plan plan, Session session) implements AutoCloseable {
  static final int CONTEXT = 512;

  /** Compiles with the default options and opens with that many threads. */
  static CpuRun open(Path gguf, int threads) {
    return open(gguf, threads, CompileOptions.DEFAULTS.withContext(CONTEXT));
  }

  static CpuRun open(Path gguf, int threads, CompileOptions options) {
    GgufFile model = GgufFile.open(gguf);
    Plan plan = PlanCompiler.compile(model, options);
    Session session =
        Session.open(
            plan, model, SessionOptions.defaults().withThreads(threads).withWarmUpMillis(0));
    return new CpuRun(model, plan, session);
  }

  /** Feeds the tokens one by one; a row of logits for each. */
  float[][] feed(int... tokens) {
    float[][] rows = new float[tokens.length][];
    for (int i = 0; i < tokens.length; i++) {
      session.feed(tokens[i]);
      rows[i] = session.logits();
    }
    return rows;
  }

  @Override
  public void close() {
    session.close();
    model.close();
  }
}
