package dev.diecast.tools.msl;

import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.rules.Clang;
import dev.diecast.kernels.msl.rules.Finding;
import dev.diecast.kernels.msl.rules.Preprocessor;
import dev.diecast.kernels.msl.rules.Rule;
import dev.diecast.kernels.msl.rules.RuleCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file of MSL and what was found in it.
 *
 * @param file as it was named
 * @param module what it declares; empty when that cannot be read
 * @param findings in the order of the text
 */
public record CheckedFile(String file, Optional<MslModule> module, List<Finding> findings) {

  /** Copies the findings. */
  public CheckedFile {
    findings = List.copyOf(findings);
  }

  /**
   * Checks a file.
   *
   * @param ignored rules whose findings do not count
   * @throws IOException when the file cannot be read or clang cannot be run
   */
  public static CheckedFile check(Path file, Clang clang, Set<Rule> ignored) throws IOException {
    try {
      MslSource source = new Preprocessor(clang).expand(MslSource.ofFile(file));
      MslModule module = MslModule.parse(source);
      List<Finding> findings =
          new RuleCheck(clang)
              .check(source).stream().filter(f -> !ignored.contains(f.rule())).toList();
      return new CheckedFile(file.toString(), Optional.of(module), findings);
    } catch (MslException e) {
      var finding = new Finding(e.where(), 0, Rule.DECLARATIONS, e.reason());
      return new CheckedFile(file.toString(), Optional.empty(), List.of(finding));
    }
  }
}
