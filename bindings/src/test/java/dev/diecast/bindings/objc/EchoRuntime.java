package dev.diecast.bindings.objc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The runtime of {@code echo_runtime.c}, built with this machine's C compiler and loaded in place
 * of Metal.
 */
public final class EchoRuntime {
  private static final long WORDS = 8;
  private static final Path LIBRARY = Path.of("target", "echo", "libecho.so").toAbsolutePath();
  private static Optional<EchoRuntime> built = Optional.empty();

  private final MemorySegment echo;

  private EchoRuntime(SymbolLookup library) {
    this.echo = library.findOrThrow("echo").reinterpret(Long.BYTES * (WORDS + 5));
  }

  /** Builds and loads it once; skips the test where there is no C compiler. */
  public static synchronized EchoRuntime load() throws IOException, InterruptedException {
    if (built.isEmpty()) {
      Optional<String> compiler = compiler();
      assumeTrue(compiler.isPresent(), "needs a C compiler");
      Files.createDirectories(LIBRARY.getParent());
      run(
          compiler.get(),
          "-O2",
          "-shared",
          "-fPIC",
          "-pthread",
          "-o",
          LIBRARY.toString(),
          "src/test/native/echo_runtime.c");
      System.setProperty(NativeLibraries.PROPERTY, LIBRARY.toString());
      ObjcRuntime.load();
      System.clearProperty(NativeLibraries.PROPERTY);
      built = Optional.of(new EchoRuntime(SymbolLookup.libraryLookup(LIBRARY, Arena.global())));
    }
    return built.get();
  }

  /** The words that the last message carried. */
  public long word(int index) {
    return echo.getAtIndex(ValueLayout.JAVA_LONG, index);
  }

  /** Autorelease pools that are open. */
  public long pools() {
    return echo.getAtIndex(ValueLayout.JAVA_LONG, WORDS);
  }

  /** Calls of {@code objc_release} so far. */
  public long releases() {
    return echo.getAtIndex(ValueLayout.JAVA_LONG, WORDS + 2);
  }

  /** Makes every class not respond to a selector; the empty name makes them respond to all. */
  public void forget(String selector) {
    long name = selector.isEmpty() ? 0 : Arena.global().allocateFrom(selector).address();
    echo.setAtIndex(ValueLayout.JAVA_LONG, WORDS + 3, name);
  }

  private static Optional<String> compiler() {
    return Stream.of("cc", "gcc", "clang", "clang-19").filter(EchoRuntime::isThere).findFirst();
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
    }
  }
}
