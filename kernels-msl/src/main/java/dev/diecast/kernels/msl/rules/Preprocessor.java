package dev.diecast.kernels.msl.rules;

import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.SourceLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expands macros and conditionals as Apple's compiler would. Our own kernels are read without it;
 * files of others may make kernels by macros.
 */
public final class Preprocessor {
  /** Metal 3.1, the first with bfloat. */
  private static final List<String> OPTIONS =
      List.of(
          "-E",
          "-C",
          "-x",
          "c++",
          "-std=c++17",
          "-nostdinc",
          "-undef",
          "-w",
          "-D__METAL__=1",
          "-D__METAL_VERSION__=310",
          "-fno-color-diagnostics");

  private static final Pattern MARKER = Pattern.compile("# (\\d+) \"([^\"]*)\".*");
  private static final Pattern ERROR = Pattern.compile("[^:]*:(\\d+):\\d+: (?:fatal )?error: (.*)");

  /** Pragmas may name macros, which are gone; none of them matters to a check. */
  private static final Pattern PRAGMA = Pattern.compile("\\s*#\\s*pragma\\b.*");

  private static final Pattern SYSTEM_INCLUDE = Pattern.compile("\\s*#\\s*include\\s*<.*");

  private final Clang clang;

  /** A preprocessor that has clang do the work. */
  public Preprocessor(Clang clang) {
    this.clang = clang;
  }

  /**
   * The text without directives.
   *
   * @throws MslException at an {@code #error} or a conditional that is not closed
   */
  public MslSource expand(MslSource source) throws IOException {
    try (var scratch = Scratch.create()) {
      Path input = scratch.write("input.metal", withoutSystemHeaders(source));
      var text = new StringBuilder();
      var lines = new ArrayList<SourceLine>();
      var at = new int[] {1};
      var arguments = new ArrayList<>(OPTIONS);
      arguments.add(input.toString());
      List<String> errors =
          clang.run(
              arguments,
              line -> {
                Matcher marker = MARKER.matcher(line);
                if (marker.matches()) {
                  at[0] = Integer.parseInt(marker.group(1));
                } else {
                  text.append(PRAGMA.matcher(line).matches() ? "" : line).append('\n');
                  lines.add(source.at(at[0]++));
                }
              });
      rejectErrors(errors, source);
      return new MslSource(source.name(), text.toString(), lines);
    }
  }

  private static String withoutSystemHeaders(MslSource source) {
    var text = new StringBuilder();
    source
        .text()
        .lines()
        .forEach(l -> text.append(SYSTEM_INCLUDE.matcher(l).matches() ? "" : l).append('\n'));
    return text.toString();
  }

  private static void rejectErrors(List<String> errors, MslSource source) {
    for (String error : errors) {
      Matcher matcher = ERROR.matcher(error);
      if (matcher.matches()) {
        throw new MslException(source.at(Integer.parseInt(matcher.group(1))), matcher.group(2));
      }
    }
  }
}
