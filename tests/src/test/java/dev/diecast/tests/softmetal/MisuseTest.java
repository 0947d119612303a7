package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.MetalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted misuse is caught by its rule, and its twin breaks none. */
@ExtendWith(NeedsSoftMetal.class)
class MisuseTest {
  static List<Misuse> misuses() {
    return Stream.of(
            EncodingMisuses.all(),
            OwnershipMisuses.all(),
            BindingMisuses.all(),
            MemoryMisuses.all(),
            IndirectMisuses.all(),
            Metal4Misuses.all(),
            SystemMisuses.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void theTwinBreaksNoRule(Misuse misuse) {
    assertThat(findings(misuse.right())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void theRuleCatchesIt(Misuse misuse) {
    assertThat(findings(misuse.wrong())).extracting(Finding::rule).contains(misuse.rule());
  }

  /** Rules that the library can find broken, as its sources name them. */
  @Test
  void everyRuleIsPlanted() throws IOException {
    Pattern finding =
        Pattern.compile("soft_finding\\([^\"]*?\"([a-z0-9-]+)\"(?: : \"([a-z0-9-]+)\")?");
    Set<String> rules = new TreeSet<>();
    try (Stream<Path> sources = Files.list(Path.of("softmetal", "src"))) {
      for (Path source : sources.toList()) {
        Matcher found = finding.matcher(Files.readString(source));
        while (found.find()) {
          rules.add(found.group(1));
          if (found.group(2) != null) {
            rules.add(found.group(2));
          }
        }
      }
    }
    assertThat(rules).hasSizeGreaterThan(50);
    assertThat(misuses()).extracting(Misuse::rule).containsAll(rules);
  }

  /** What an act breaks while it runs; what it leaves behind is closed afterwards. */
  private static List<Finding> findings(Misuse.Act act) {
    SoftMetal metal = SoftMetal.load();
    long pool = AutoreleasePool.pushed();
    Gpu gpu = new Gpu();
    try {
      act.on(metal, gpu);
    } catch (MetalException e) {
      // A refusal is a good answer; the rule must be named all the same.
      assertThat(e).hasMessageNotContaining("null");
    }
    metal.settle();
    gpu.close();
    AutoreleasePool.pop(pool);
    return metal.findings();
  }
}
