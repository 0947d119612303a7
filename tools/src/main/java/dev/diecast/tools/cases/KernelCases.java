package dev.diecast.tools.cases;

import java.util.ArrayList;
import java.util.List;

/** The case list: every kernel of the catalogue with shapes of real models and awkward ones. */
public final class KernelCases {
  private static final List<KernelCase> ALL = build();

  private KernelCases() {}

  /** Small cases, for results. */
  public static List<KernelCase> checked() {
    return ALL.stream().filter(of -> !of.timed()).toList();
  }

  /** Cases of the size of real models, for speed. */
  public static List<KernelCase> timed() {
    return ALL.stream().filter(KernelCase::timed).toList();
  }

  private static List<KernelCase> build() {
    List<KernelCase> all = new ArrayList<>();
    MatrixCases.addTo(all::add);
    LinearsCases.addTo(all::add);
    ExpertCases.addTo(all::add);
    ElementwiseCases.addTo(all::add);
    RopeCases.addTo(all::add);
    AttentionCases.addTo(all::add);
    RoutingCases.addTo(all::add);
    SamplingCases.addTo(all::add);
    return List.copyOf(all);
  }
}
