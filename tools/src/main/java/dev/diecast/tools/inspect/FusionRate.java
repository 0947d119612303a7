package dev.diecast.tools.inspect;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Program;
import java.util.Collection;

/**
 * How many traced operations a dispatch stands for on average.
 *
 * @param sourceOps distinct traced operations
 * @param dispatches dispatches that compute them
 */
record FusionRate(long sourceOps, long dispatches) {
  static FusionRate of(Program program) {
    return of(program.dispatches());
  }

  static FusionRate of(Collection<Dispatch> dispatches) {
    long ops = dispatches.stream().flatMap(d -> d.sourceOps().stream()).distinct().count();
    return new FusionRate(ops, dispatches.size());
  }

  /** Operations per dispatch. */
  double rate() {
    return dispatches == 0 ? 0 : (double) sourceOps / dispatches;
  }
}
