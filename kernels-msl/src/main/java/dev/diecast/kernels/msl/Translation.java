package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file of MSL as text for another compiler. Its lines carry {@code #line} directives, so that
 * compilers and debuggers name the lines that the author wrote.
 *
 * <p>Function constants are macros: {@code -DMSL_FC_name=value} sets the one of that name, and a
 * missing one is a compile error unless the text asks {@code is_function_constant_defined(name)}.
 * They are constant expressions in Metal and so they are here; another set of values is another
 * compilation.
 *
 * <p>A {@link Dialect#HOST} entry, {@code mslk_NAME(void** a)}, finds argument {@code i} of {@link
 * MslKernel#arguments} in {@code a[i]}; the elements of grid arguments are not read. A {@link
 * Dialect#CUDA} entry has the pointers and values as parameters, ordered by buffer index, then the
 * byte offset of each threadgroup argument in dynamic shared memory. Arguments that their function
 * constant disables are null in the kernel, whatever is passed.
 *
 * @param module what the text declares
 * @param dialect the language of the text
 * @param text complete but for the dialect headers
 */
public record Translation(MslModule module, Dialect dialect, String text) {

  /** Tells the host runtime of a threadgroup variable, whose memory it watches. */
  private static final String REGISTER =
      """
      #ifndef MSL_TG_REG
      #ifdef MSL_CUDA
      #define MSL_TG_REG(variable)
      #else
      #define MSL_TG_REG(variable) msl_rt::tg_reg((void*)&variable, sizeof variable, #variable)
      #endif
      #endif
      """;

  /**
   * Translates a file.
   *
   * @throws MslException for text that is not sound MSL as far as its declarations go
   */
  public static Translation of(MslSource source, Dialect dialect) {
    ParsedText parsed = ParsedText.of(source);
    MslModule module = parsed.module();
    String body = located(Rewriter.rewrite(parsed, dialect), source);
    String text =
        switch (dialect) {
          case HOST -> inNamespace(parsed, module, body, HostEntries.of(module));
          case CUDA -> inNamespace(parsed, module, body, CudaEntries.of(module));
          case CHECK -> "#include \"msl_check.h\"\n" + body + CheckEntries.of(parsed);
        };
    return new Translation(module, dialect, text);
  }

  /** The symbol of a kernel in the compiled text. */
  public static String symbol(MslKernel kernel, Dialect dialect) {
    String name = kernel.name().replaceAll("\\W", "_");
    return dialect == Dialect.CUDA ? name : "mslk_" + name;
  }

  private static String inNamespace(
      ParsedText parsed, MslModule module, String body, String entries) {
    return "#include \"msl_core.h\"\n"
        + REGISTER
        + functionConstants(parsed, module)
        + "#include \"msl_keywords.h\"\nnamespace msl {\n"
        + body
        + "} // namespace msl\n#include \"msl_keywords_end.h\"\n"
        + "#line 1 \"entries\"\n"
        + entries;
  }

  private static String functionConstants(ParsedText parsed, MslModule module) {
    Set<String> optional = asked(parsed.tokens());
    var text = new StringBuilder();
    if (!optional.isEmpty()) {
      text.append("#define is_function_constant_defined(name) MSL_HAS_##name\n");
    }
    for (FunctionConstant constant : module.functionConstants()) {
      String name = constant.name();
      text.append(
          optional.contains(name)
              ? """
              #ifdef MSL_FC_%1$s
              #define MSL_HAS_%1$s true
              #else
              #define MSL_HAS_%1$s false
              #define MSL_FC_%1$s 0
              #endif
              """
                  .formatted(name)
              : """
              #ifndef MSL_FC_%1$s
              #error function constant %1$s has no value
              #endif
              """
                  .formatted(name));
    }
    return text.toString();
  }

  /** The names that the text asks {@code is_function_constant_defined} about. */
  private static Set<String> asked(List<Token> tokens) {
    var names = new HashSet<String>();
    for (int i = 0; i + 2 < tokens.size(); i++) {
      if (tokens.get(i).is("is_function_constant_defined")) {
        names.add(tokens.get(i + 2).text());
      }
    }
    return names;
  }

  private static String located(String body, MslSource source) {
    var text = new StringBuilder(body.length() + 256);
    var lines = new ArrayList<>(body.lines().toList());
    SourceLine expected = new SourceLine("", 0);
    for (int i = 0; i < lines.size(); i++) {
      SourceLine here = source.at(i + 1);
      if (!here.equals(expected)) {
        text.append("#line %d \"%s\"\n".formatted(here.number(), escaped(here.file())));
      }
      text.append(lines.get(i)).append('\n');
      expected = new SourceLine(here.file(), here.number() + 1);
    }
    return text.toString();
  }

  private static String escaped(String file) {
    return file.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
