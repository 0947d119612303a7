package dev.diecast.capture.passes;

import dev.diecast.plans.PlanException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which passes run. All do, unless a switch says otherwise: {@code -fuse-bias} turns one off,
 * {@code -fuse} all whose name starts with {@code fuse-}, {@code -all} every one that is not
 * required, and {@code +} turns on again. Later switches win.
 */
public record PassSelection(List<String> switches) {
  /** Everything on. */
  public static final PassSelection ALL = new PassSelection(List.of());

  /** A selection with its own copy of the switches. */
  public PassSelection {
    switches = List.copyOf(switches);
  }

  /** Switches separated by commas, as on the command line. */
  public static PassSelection parse(String text) {
    return new PassSelection(
        Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList());
  }

  /** The passes that stay on, in table order; an error when a switch names none. */
  List<Pass> of(List<Pass> table) {
    Set<Pass> on = new LinkedHashSet<>(table);
    for (String toggle : switches) {
      List<Pass> named = named(toggle, table);
      if (toggle.startsWith("+")) {
        on.addAll(named);
      } else {
        on.removeAll(named);
      }
    }
    List<Pass> selected = new ArrayList<>(table);
    selected.retainAll(on);
    return selected;
  }

  private static List<Pass> named(String toggle, List<Pass> table) {
    if (!toggle.startsWith("+") && !toggle.startsWith("-")) {
      throw new PlanException(
          "passes: '" + toggle + "' must start with + (switch on) or - (switch off)");
    }
    String name = toggle.substring(1);
    boolean off = toggle.startsWith("-");
    List<Pass> found =
        table.stream()
            .filter(pass ->
                pass.name().equals(name)
                    || ((name.equals("all") || pass.name().startsWith(name + "-"))
                        && !(off && pass.required())))
            .toList();
    if (found.isEmpty()) {
      throw new PlanException("passes: no pass that can be switched is called '" + name + "'");
    }
    if (off && found.stream().anyMatch(Pass::required)) {
      throw new PlanException(
          "passes: '" + name + "' cannot be switched off, no kernel runs what it replaces");
    }
    return found;
  }
}
