package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.kernels;
import static dev.diecast.plans.defects.PlanEdits.model;
import static dev.diecast.plans.defects.PlanEdits.with;

import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import java.util.List;

/** The model, the target and the kernels. */
final class HeaderDefects {
  private HeaderDefects() {}

  static List<Defect> all() {
    return List.of(
        defect("unknown device", "target", "unknown device 'abacus'", PlanEdits.device("abacus")),
        defect("context of zero", "model", "context of 0", model(m -> context(m, 0))),
        defect(
            "context beyond 31 bits",
            "model",
            "context of 4294967296",
            model(m -> context(m, 1L << 32))),
        defect(
            "fingerprint that is no SHA-256",
            "model",
            "no SHA-256",
            model(m -> fingerprint(m, "ABC"))),
        defect(
            "unknown kernel",
            "kernel gemm_q9_9",
            "no kernel has that name",
            kernels(all -> with(all, new KernelUse("gemm_q9_9", "", List.of(), 0)))),
        defect(
            "negative threadgroup memory",
            "kernel advance",
            "negative threadgroup memory",
            kernels(all -> with(all, new KernelUse("advance", "", List.of(), -1)))),
        defect("model without layers", "model", "layers of 0", model(m -> layers(m, 0))),
        defect(
            "kernel source hash that is no SHA-256",
            "kernel advance",
            "the source hash is no SHA-256",
            kernels(all -> with(all, new KernelUse("advance", "1234", List.of(), 0)))));
  }

  private static ModelRef context(ModelRef m, long context) {
    return new ModelRef(
        m.architecture(),
        m.name(),
        m.fingerprint(),
        m.vocab(),
        m.layers(),
        m.embedding(),
        context,
        m.weightType(),
        m.fileBytes());
  }

  private static ModelRef fingerprint(ModelRef m, String fingerprint) {
    return new ModelRef(
        m.architecture(),
        m.name(),
        fingerprint,
        m.vocab(),
        m.layers(),
        m.embedding(),
        m.context(),
        m.weightType(),
        m.fileBytes());
  }

  private static ModelRef layers(ModelRef m, long layers) {
    return new ModelRef(
        m.architecture(),
        m.name(),
        m.fingerprint(),
        m.vocab(),
        layers,
        m.embedding(),
        m.context(),
        m.weightType(),
        m.fileBytes());
  }
}
