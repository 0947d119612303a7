package dev.diecast.replay;

import dev.diecast.plans.ModelRef;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.ModelSource;

/** Whether a plan belongs to a model. */
final class ModelMatch {
  private ModelMatch() {}

  /** Throws a {@link PlanException} that names both sides unless the plan is the model's own. */
  static void check(ModelRef planned, ModelSource model) {
    if (!planned.fingerprint().equals(model.fingerprint())) {
      throw new PlanException(
          "plan was compiled for another model: for "
              + describe(planned)
              + ", not for "
              + model.location()
              + " (fingerprint "
              + shortened(model.fingerprint())
              + ")");
    }
    if (!planned.fileBytes().equals(model.fileBytes())) {
      throw new PlanException(
          "plan was compiled for another model: its files have "
              + planned.fileBytes()
              + " bytes, those of "
              + model.location()
              + " have "
              + model.fileBytes());
    }
  }

  private static String describe(ModelRef planned) {
    String name = planned.name().isEmpty() ? planned.architecture() : planned.name();
    String print = planned.fingerprint();
    return "'"
        + name
        + "' ("
        + (print.isEmpty() ? "a shape without weights" : "fingerprint " + shortened(print))
        + ")";
  }

  private static String shortened(String fingerprint) {
    return fingerprint.substring(0, Math.min(12, fingerprint.length()));
  }
}
