package dev.diecast.tools.model;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A plan, the weights that it is for, and a session that replays it.
 *
 * @param plan read from a file or compiled just now
 * @param file the mapped weights
 * @param session bound and ready
 * @param compileNanos spent on compiling or reading the plan
 * @param loadNanos spent on everything, the plan included
 */
public record ReadyModel(
    Plan plan, GgufFile file, Session session, long compileNanos, long loadNanos)
    implements AutoCloseable {

  /** Opens the weights, compiles a plan for them in memory and binds it. */
  public static ReadyModel compile(
      Path model, Function<ModelSource, CompileOptions> compile, SessionOptions options) {
    return open(model, file -> PlanCompiler.compile(file, compile.apply(file)), options);
  }

  /** Opens the weights and binds a plan that was compiled before. */
  public static ReadyModel replay(Path model, Supplier<Plan> plan, SessionOptions options) {
    return open(model, file -> plan.get(), options);
  }

  private interface PlanOf {
    Plan plan(GgufFile file);
  }

  private static ReadyModel open(Path model, PlanOf origin, SessionOptions options) {
    long start = System.nanoTime();
    GgufFile file = GgufFile.open(model);
    try {
      long opened = System.nanoTime();
      Plan plan = origin.plan(file);
      long compiled = System.nanoTime();
      RunnableDevices.require(plan.device());
      Session session = Session.open(plan, file, options);
      return new ReadyModel(plan, file, session, compiled - opened, System.nanoTime() - start);
    } catch (Throwable t) {
      file.close();
      throw t;
    }
  }

  @Override
  public void close() {
    session.close();
    file.close();
  }
}
