package dev.diecast.tools.cases;

import dev.diecast.kernels.KernelCatalog;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What each kernel of the catalogue means, written from its contract alone. */
public final class References {
  private static final Map<String, Reference> ALL = build();

  private References() {}

  /** By kernel name. */
  public static Map<String, Reference> all() {
    return ALL;
  }

  /** The reference of a case's kernel. */
  public static Reference of(KernelCase of) {
    Reference reference = ALL.get(of.kernel());
    if (reference == null) {
      throw new IllegalArgumentException("no reference says what " + of.kernel() + " means");
    }
    return reference;
  }

  private static Map<String, Reference> build() {
    Map<String, Reference> all = new HashMap<>();
    KernelCatalog.WEIGHT_TYPES.forEach(type -> MatrixReferences.addTo(all, type));
    FusedReferences.addTo(all);
    ElementwiseReferences.addTo(all);
    RopeReferences.addTo(all);
    AttentionReferences.addTo(all);
    RoutingReferences.addTo(all);
    SamplingReferences.addTo(all);
    return Collections.unmodifiableMap(all);
  }
}
