package dev.diecast.kernels.msl.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.kernels.msl.Dialect;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.SourceLine;
import dev.diecast.kernels.msl.Translation;
import dev.diecast.kernels.msl.WordSearch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says what Apple's compiler would refuse in a file: clang compiles it as C++ for OpenCL, which has
 * the address spaces of MSL, and its syntax tree is searched for what that language allows but MSL
 * does not.
 */
public final class RuleCheck {
  private static final String RESOURCES = "/dev/diecast/kernels/msl/check/";
  private static final List<String> HEADERS =
      List.of(
          "msl_check.h",
          "scalars.h",
          "vectors.h",
          "math.h",
          "matrices.h",
          "synchronisation.h",
          "atomics.h",
          "traits.h");

  /** The target is one that has a 16-bit brain float; nothing is generated for it. */
  private static final List<String> OPTIONS =
      List.of(
          "-x",
          "clcpp",
          "-cl-std=CLC++2021",
          "-target",
          "x86_64-unknown-linux-gnu",
          "-Xclang",
          "-cl-ext=-all,+cl_khr_fp16,+__cl_clang_function_pointers,+__opencl_c_generic_address_space,+__opencl_c_int64",
          "-cl-no-stdinc",
          "-w",
          "-ferror-limit=0",
          "-fno-color-diagnostics",
          "-fno-caret-diagnostics",
          "-fsyntax-only",
          "-Xclang",
          "-ast-dump");

  private final Clang clang;

  /** A check that has clang do the work. */
  public RuleCheck(Clang clang) {
    this.clang = clang;
  }

  /**
   * Checks a file.
   *
   * @return what is wrong with it, in the order of the text
   * @throws dev.diecast.kernels.msl.MslException for text whose declarations cannot be read
   */
  public List<Finding> check(MslSource source) throws IOException {
    Translation translation = Translation.of(source, Dialect.CHECK);
    var findings = new TreeSet<Finding>();
    compile(translation, findings);
    threadgroupInitialisers(translation, findings);
    longTypes(source, findings);
    return List.copyOf(findings);
  }

  private void compile(Translation translation, Set<Finding> findings) throws IOException {
    var files = new HashSet<String>();
    translation.module().source().lines().forEach(l -> files.add(l.file()));
    var tree = new SyntaxTreeScan(files);
    try (var scratch = Scratch.create()) {
      for (String header : HEADERS) {
        scratch.write(header, header(header));
      }
      Path input = scratch.write("input.clcpp", translation.text());
      var arguments = new ArrayList<>(OPTIONS);
      arguments.add("-I" + scratch.folder());
      arguments.add(input.toString());
      List<String> messages = clang.run(arguments, tree::line);
      findings.addAll(new Diagnostics(translation.module().source(), files).findings(messages));
    }
    findings.addAll(tree.findings());
  }

  private static void threadgroupInitialisers(Translation translation, Set<Finding> findings) {
    translation.module().kernels().stream()
        .flatMap(k -> k.threadgroupVariables().stream())
        .filter(v -> v.initialised())
        .forEach(v ->
            findings.add(
                new Finding(
                    v.where(),
                    0,
                    Rule.THREADGROUP_INITIALISER,
                    "threadgroup variable '" + v.name() + "' cannot have an initial value")));
  }

  private static void longTypes(MslSource source, Set<Finding> findings) {
    for (WordSearch.Match match : WordSearch.find(source, Set.of("long", "ulong"))) {
      String instead = match.word().equals("long") ? "int64_t" : "uint64_t";
      findings.add(
          new Finding(
              match.where(),
              match.column(),
              Rule.LONG,
              "write %s in place of %s".formatted(instead, match.word())));
    }
  }

  private static String header(String name) throws IOException {
    try (InputStream in = RuleCheck.class.getResourceAsStream(RESOURCES + name)) {
      if (in == null) {
        throw new IOException("the header " + name + " is missing from this program");
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** Where a message points that names none of the author's files. */
  static SourceLine start(MslSource source) {
    return source.at(1);
  }
}
