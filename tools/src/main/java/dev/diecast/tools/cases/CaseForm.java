package dev.diecast.tools.cases;

import dev.diecast.kernels.launch.Constants;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.launch.Launch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A case in one of the forms in which its kernel exists as MSL. */
public record CaseForm(KernelCase of, KernelLaunch launch) {
  /** All forms of a case's kernel; none when it does not exist as MSL. */
  public static List<CaseForm> all(KernelCase of) {
    List<CaseForm> forms = new ArrayList<>();
    if (KernelLaunches.exists(of.kernel())) {
      forms.add(new CaseForm(of, KernelLaunches.of(of.kernel())));
    }
    KernelLaunch tiled = KernelLaunches.tiled(of.kernel());
    if (tiled != null && argument(of, "n_tokens") > 1 && argument(of, "last_only") != 1) {
      forms.add(new CaseForm(of, tiled));
    }
    return forms;
  }

  private static int argument(KernelCase of, String name) {
    return of.args().getOrDefault(name, 0).intValue();
  }

  /** Whether this is the form that takes many tokens at once. */
  public boolean isTiled() {
    return launch.tunables().containsKey(KernelLaunches.TOKEN_TILE);
  }

  /** What the planner states: the contract's constants and tunables. */
  public Map<String, Long> stated() {
    Map<String, Long> stated = new HashMap<>(launch.tunables());
    stated.putAll(of.constants());
    return stated;
  }

  /** The names of the slots that are bound. */
  public Set<String> bound() {
    return new HashSet<>(of.slots().keySet());
  }

  /** Threadgroups, and threads of each. */
  public Launch size() {
    return launch
        .rule()
        .launch(of.contract().args().reader(of.packedArgs()), new Constants(stated()));
  }

  @Override
  public String toString() {
    return isTiled() ? of + " as " + launch.entry() : of.toString();
  }
}
