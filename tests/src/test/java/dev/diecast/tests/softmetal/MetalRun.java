package dev.diecast.tests.softmetal;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import java.nio.file.Path;

/** A model compiled for the metal device and opened on the software Metal. */
public record MetalRun(GgufFile model, Plan plan, Session session) implements AutoCloseable {
  /** Opens with that encoder, 3 tokens in flight and no archive of pipelines. */
  public static MetalRun open(Path gguf, Encoder encoder) {
    return open(gguf, options(encoder));
  }

  /** That encoder, 3 tokens in flight, no archive of pipelines and no warm-up. */
  public static MetalOptions options(Encoder encoder) {
    return MetalOptions.defaults().withEncoder(encoder).withoutArchives().withWarmUpMillis(0);
  }

  /** Opens with those options. */
  public static MetalRun open(Path gguf, MetalOptions options) {
    GgufFile model = GgufFile.open(gguf);
    try {
      Plan plan =
          PlanCompiler.compile(model, CompileOptions.DEFAULTS.withDevice("metal").withContext(64));
      Session session = Session.open(plan, model, SessionOptions.defaults().withMetal(options));
      return new MetalRun(model, plan, session);
    } catch (Throwable t) {
      model.close();
      throw t;
    }
  }

  @Override
  public void close() {
    session.close();
    model.close();
  }
}
