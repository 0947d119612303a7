package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.rules.ClangUnavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The clang of the rule check, driven as a C++ compiler.
 *
 * @param program its path
 * @param version as it states it
 */
record Clang(Path program, String version) {
  private static final int SECONDS = 300;

  /** The one that the rule check takes too, or empty. */
  static Optional<Clang> find() {
    try {
      Path program = dev.diecast.kernels.msl.rules.Clang.find().executable();
      Programs.Outcome said = Programs.run(List.of(program.toString(), "--version"), "", 20);
      return Optional.of(new Clang(program, said.output().lines().findFirst().orElse("")));
    } catch (ClangUnavailable e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new HostException("could not look for clang: " + e.getMessage(), e);
    }
  }

  static String missing() {
    return "running kernels on this machine needs clang 17 or newer on the search path (Debian and"
        + " Ubuntu: apt install clang-19)";
  }

  /** Compiles or links. Fails with what clang said. */
  void run(List<String> arguments, String doing) {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.add("--driver-mode=g++");
    command.addAll(arguments);
    Programs.Outcome said = Programs.run(command, "", SECONDS);
    if (said.exit() != 0) {
      throw new HostException(doing + ":\n" + said.output().strip());
    }
  }
}
