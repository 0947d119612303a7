package dev.diecast.tools.msl;

import dev.diecast.kernels.host.CheckedCase;
import dev.diecast.kernels.host.HostCheck;
import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostException;
import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.SourceLine;
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
 * @param cases what came of running its kernels, as far as its comments describe cases
 */
public record CheckedFile(
    String file, Optional<MslModule> module, List<Finding> findings, List<CheckedCase> cases) {

  /** Copies the lists. */
  public CheckedFile {
    findings = List.copyOf(findings);
    cases = List.copyOf(cases);
  }

  /** All findings, those of runs included. */
  public int count() {
    return findings.size() + cases.stream().mapToInt(c -> c.findings().size()).sum();
  }

  /** Whether running it says more: it is sound so far, and describes cases. */
  public boolean isRunnable() {
    return findings.isEmpty() && module.filter(HostCheck::hasCases).isPresent();
  }

  /** This file, and what its cases do under every schedule. */
  public CheckedFile run(HostCompiler compiler) {
    MslModule known = module.orElseThrow();
    try {
      return new CheckedFile(file, module, findings, HostCheck.run(compiler, known));
    } catch (MslException e) {
      return refused(e.where(), Rule.DECLARATIONS, e.reason());
    } catch (HostException e) {
      return refused(known.source().at(1), Rule.LANGUAGE, String.valueOf(e.getMessage()));
    }
  }

  private CheckedFile refused(SourceLine where, Rule rule, String reason) {
    return new CheckedFile(file, module, List.of(new Finding(where, 0, rule, reason)), List.of());
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
      return new CheckedFile(file.toString(), Optional.of(module), findings, List.of());
    } catch (MslException e) {
      var finding = new Finding(e.where(), 0, Rule.DECLARATIONS, e.reason());
      return new CheckedFile(file.toString(), Optional.empty(), List.of(finding), List.of());
    }
  }
}
