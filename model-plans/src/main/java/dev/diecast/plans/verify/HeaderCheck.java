package dev.diecast.plans.verify;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import java.util.Set;
import java.util.regex.Pattern;

/** The model, the target and the kernels. */
final class HeaderCheck {
  private static final Set<String> DEVICES = Set.of("cpu", "metal", "cuda");
  private static final Pattern SHA256 = Pattern.compile("([0-9a-f]{64})?");

  private HeaderCheck() {}

  static void run(Plan plan, Findings findings) {
    model(plan.model(), findings);
    if (!DEVICES.contains(plan.device())) {
      findings.add("target", "unknown device '" + plan.device() + "'");
    }
    for (KernelUse kernel : plan.kernels()) {
      kernel(kernel, findings);
    }
  }

  private static void model(ModelRef model, Findings findings) {
    positive("vocabulary", model.vocab(), findings);
    positive("layers", model.layers(), findings);
    positive("embedding", model.embedding(), findings);
    positive("context", model.context(), findings);
    if (!SHA256.matcher(model.fingerprint()).matches()) {
      findings.add("model", "the fingerprint is no SHA-256 in lower-case hex");
    }
    for (int part = 0; part < model.fileBytes().size(); part++) {
      if (model.fileBytes().get(part) < 0) {
        findings.add("model", "file " + part + " has a negative size");
      }
    }
  }

  // Kernels take these as int32 arguments.
  private static void positive(String what, long value, Findings findings) {
    if (value < 1 || value > Integer.MAX_VALUE) {
      findings.add("model", what + " of " + value + " is not in 1 to " + Integer.MAX_VALUE);
    }
  }

  private static void kernel(KernelUse kernel, Findings findings) {
    String place = "kernel " + kernel.name();
    if (KernelCatalog.find(kernel.name()).isEmpty()) {
      findings.add(place, "no kernel has that name");
    }
    if (!SHA256.matcher(kernel.sourceHash()).matches()) {
      findings.add(place, "the source hash is no SHA-256 in lower-case hex");
    }
    if (kernel.threadgroupBytes() < 0) {
      findings.add(place, "negative threadgroup memory");
    }
  }
}
