package dev.diecast.kernels.msl.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.MslSource;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RuleTableTest {

  static List<Snippet> snippets() {
    return Snippet.all();
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void everySnippetIsJudgedForTheReasonThatItGives(Snippet snippet) throws IOException {
    var check = new RuleCheck(SomeClang.orSkip());
    MslSource source = MslSource.ofText("snippet.metal", snippet.text());
    if (snippet.rule().equals("declarations")) {
      assertThatThrownBy(() -> check.check(source))
          .isInstanceOf(MslException.class)
          .hasMessageContaining(snippet.reason())
          .hasMessageStartingWith("snippet.metal:");
      return;
    }
    List<Finding> findings = check.check(source);
    if (snippet.rule().equals("pass")) {
      assertThat(findings).isEmpty();
    } else {
      assertThat(findings)
          .anySatisfy(f -> {
            assertThat(f.rule().id()).isEqualTo(snippet.rule());
            assertThat(f.message()).contains(snippet.reason());
            assertThat(f.where().file()).isEqualTo("snippet.metal");
          });
    }
  }

  @Test
  void theTableIsLongAndHoldsBothVerdicts() {
    Stream<String> rules = snippets().stream().map(Snippet::rule);
    assertThat(snippets()).hasSizeGreaterThanOrEqualTo(60);
    assertThat(rules).contains("pass", "declarations").containsAll(allRules());
  }

  private static List<String> allRules() {
    return Stream.of(Rule.values()).map(Rule::id).toList();
  }
}
