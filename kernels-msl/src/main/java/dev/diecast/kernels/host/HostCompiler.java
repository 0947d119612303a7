package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.Dialect;
import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.Translation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Compiles MSL for this machine, into a folder where each result is found again by a digest of all
 * that went into it.
 *
 * <p>Linux on x86-64 or aarch64; clang++ must be on the search path.
 */
public final class HostCompiler {
  /** Where clang believes to work: the prefix of the author's relative file names in debug data. */
  static final String WORK_FOLDER = "/msl-source/";

  private final Path cache;
  private final Clang clang;
  private final List<String> common;
  private final HostRuntime runtime;

  private HostCompiler(Path cache, Clang clang) throws IOException {
    this.cache = Files.createDirectories(cache).toRealPath();
    this.clang = clang;
    this.common = commonFlags();
    this.runtime = HostRuntime.build(this.cache, clang, common);
  }

  /** Whether this machine can compile kernels at all. */
  public static boolean isAvailable() {
    return System.getProperty("os.name", "").equals("Linux") && Clang.find().isPresent();
  }

  /** A compiler that keeps its results where this user's programs keep theirs. */
  public static HostCompiler inUserCache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isEmpty()
            ? Path.of(System.getProperty("user.home", "."), ".cache")
            : Path.of(configured);
    return in(base.resolve("diecast").resolve("msl"));
  }

  /**
   * A compiler that keeps its results in a folder.
   *
   * @throws HostException when clang is missing or the folder cannot be used
   */
  public static HostCompiler in(Path cache) {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      throw new HostException("running kernels on the host is written for Linux");
    }
    Clang clang = Clang.find().orElseThrow(() -> new HostException(Clang.missing()));
    try {
      return new HostCompiler(cache, clang);
    } catch (IOException e) {
      throw new HostException("could not use the folder " + cache + ": " + e.getMessage(), e);
    }
  }

  /**
   * Compiles a file and loads it.
   *
   * @param constants values of function constants by name, spelled as in MSL; every one that the
   *     text needs. Another set makes another library; both may be loaded at once.
   * @throws HostException with clang's words, at the lines of the file
   */
  public HostLibrary compile(MslSource source, Map<String, String> constants, HostMode mode) {
    Translation translation = Translation.of(source, Dialect.HOST);
    requireConstants(translation.module(), constants);
    var flags = new ArrayList<>(common);
    flags.addAll(mode.flags());
    flags.addAll(List.of("-iquote", runtime.dialect().toString()));
    new TreeMap<>(constants).forEach((name, value) -> flags.add(definition(name, value)));
    String digest = Digest.of(clang.version() + flags + runtime.library() + translation.text());
    Path library = cache.resolve("kernels-" + digest + ".so");
    if (!Files.exists(library)) {
      build(translation, flags, library);
    }
    return HostLibrary.load(library, runtime, translation.module(), mode);
  }

  /** A constant may be without a value only if the text asks whether it has one. */
  private static void requireConstants(MslModule module, Map<String, String> constants) {
    for (FunctionConstant constant : module.functionConstants()) {
      String asked = "is_function_constant_defined\\s*\\(\\s*" + constant.name() + "\\s*\\)";
      boolean needed = !Pattern.compile(asked).matcher(module.source().text()).find();
      if (needed && !constants.containsKey(constant.name())) {
        throw new HostException(
            module.source().name() + ": function constant " + constant.name() + " has no value");
      }
    }
  }

  private void build(Translation translation, List<String> flags, Path library) {
    String name = translation.module().source().name();
    try (var work = new WorkFolder(cache)) {
      Path text = Files.writeString(work.path().resolve("kernels.cpp"), translation.text());
      Path object = work.path().resolve("kernels.o");
      var compile = new ArrayList<>(flags);
      compile.addAll(List.of("-c", text.toString(), "-o", object.toString()));
      clang.run(compile, name + " does not compile");
      Path linked = work.path().resolve("kernels.so");
      clang.run(linkFlags(object, linked), name + " does not link");
      Files.move(linked, library, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new HostException("could not write below " + cache + ": " + e.getMessage(), e);
    }
  }

  /** Every symbol must be found now: one that is missing later would end the process. */
  private List<String> linkFlags(Path object, Path library) {
    return List.of(
        "-shared",
        object.toString(),
        runtime.library().toString(),
        "-lm",
        "-Wl,-rpath," + runtime.library().getParent(),
        "-Wl,-Bsymbolic",
        "-Wl,-z,defs",
        "-Wl,-z,now",
        "-o",
        library.toString());
  }

  /**
   * MSL puns types through pointers, has no errno and rounds every operation on half; fused
   * multiply-add is left to the text's own {@code fma}. A call in tail position would hide its
   * line, and so would a stub between a call of the text and its function, in which a time limit
   * may strike; the calls that instrumentation adds keep theirs.
   */
  private static List<String> commonFlags() {
    var flags =
        new ArrayList<>(
            List.of(
                "-std=c++20",
                "-fPIC",
                "-fvisibility=hidden",
                "-gline-tables-only",
                "-ffp-contract=off",
                "-fno-math-errno",
                "-fno-strict-aliasing",
                "-fno-exceptions",
                "-fno-rtti",
                "-fno-optimize-sibling-calls",
                "-fno-plt",
                "-fno-finite-loops",
                "-w",
                "-fdebug-compilation-dir=" + WORK_FOLDER.substring(0, WORK_FOLDER.length() - 1)));
    if (System.getProperty("os.arch", "").equals("amd64")) {
      flags.addAll(List.of("-Xclang", "-ffloat16-excess-precision=none"));
      flags.addAll(List.of("-Xclang", "-fbfloat16-excess-precision=none"));
    }
    flags.addAll(Cpu.flags());
    return List.copyOf(flags);
  }

  private static String definition(String name, String value) {
    if (!name.matches("[A-Za-z_]\\w*") || !value.matches("[-+]?[\\w.+-]+")) {
      throw new HostException("'" + name + " = " + value + "' is no value of a function constant");
    }
    return "-DMSL_FC_" + name + "=" + value;
  }
}
