package dev.diecast.kernels.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A clang++ found on the search path.
 *
 * @param program its path
 * @param version as it states it
 */
record Clang(Path program, String version) {
  private static final List<String> NAMES =
      List.of("clang++-19", "clang++-20", "clang++-18", "clang++-17", "clang++");
  private static final int OLDEST = 17;
  private static final int SECONDS = 300;

  /** The first one that is new enough, or empty. */
  static Optional<Clang> find() {
    for (String name : NAMES) {
      Optional<Path> program = Programs.find(name);
      if (program.isPresent()) {
        Programs.Outcome said =
            Programs.run(List.of(program.get().toString(), "--version"), "", 20);
        String version = said.output().lines().findFirst().orElse("");
        if (said.exit() == 0 && major(version) >= OLDEST) {
          return Optional.of(new Clang(program.get(), version));
        }
      }
    }
    return Optional.empty();
  }

  static String missing() {
    return "running kernels on this machine needs clang++ "
        + OLDEST
        + " or newer on the search path (Debian and Ubuntu: apt install clang-19)";
  }

  /** Compiles or links. Fails with what clang said. */
  void run(List<String> arguments, String doing) {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(arguments);
    Programs.Outcome said = Programs.run(command, "", SECONDS);
    if (said.exit() != 0) {
      throw new HostException(doing + ":\n" + said.output().strip());
    }
  }

  private static int major(String version) {
    var digits = new StringBuilder();
    int at = version.toLowerCase(Locale.ROOT).indexOf("version ");
    for (int i = at + 8;
        at >= 0 && i < version.length() && Character.isDigit(version.charAt(i));
        i++) {
      digits.append(version.charAt(i));
    }
    return digits.isEmpty() ? 0 : Integer.parseInt(digits.toString());
  }
}
