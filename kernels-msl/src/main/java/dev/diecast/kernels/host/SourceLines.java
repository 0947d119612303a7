package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.SourceLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the lines of kernel text behind addresses of a library, with a program that reads debug
 * data.
 */
final class SourceLines {
  private static final List<String> PROGRAMS =
      List.of(
          "llvm-symbolizer-19",
          "llvm-symbolizer-20",
          "llvm-symbolizer-18",
          "llvm-symbolizer-17",
          "llvm-symbolizer",
          "addr2line");
  private static final Pattern FRAME =
      Pattern.compile("(.+?):(\\d+)(:\\d+)?( \\(discriminator.*)?");
  private static final int SECONDS = 60;

  /** The file of what the translation adds after the author's text. */
  private static final String ENTRIES = HostCompiler.WORK_FOLDER + "entries";

  private final Path library;
  private final String dialect;
  // The same places come up in every dispatch, and asking starts a program.
  private final Map<Long, Optional<SourceLine>> known = new ConcurrentHashMap<>();

  SourceLines(Path library, HostRuntime runtime) {
    this.library = library;
    this.dialect = runtime.dialect().toString();
  }

  /**
   * The lines of return addresses: each stands just after its call. An address without a line in
   * kernel text is left out.
   */
  Map<Long, SourceLine> of(Set<Long> addresses) {
    Set<Long> asked = new HashSet<>(addresses);
    asked.removeAll(known.keySet());
    Map<Long, SourceLine> found = ask(asked);
    asked.forEach(address -> known.put(address, Optional.ofNullable(found.get(address))));
    Map<Long, SourceLine> lines = new HashMap<>();
    for (long address : addresses) {
      known.getOrDefault(address, Optional.empty()).ifPresent(line -> lines.put(address, line));
    }
    return lines;
  }

  private Map<Long, SourceLine> ask(Set<Long> addresses) {
    Optional<Path> program =
        PROGRAMS.stream().map(Programs::find).flatMap(Optional::stream).findFirst();
    if (program.isEmpty() || addresses.isEmpty()) {
      return Map.of();
    }
    var wanted = new ArrayList<>(addresses);
    var input = new StringBuilder();
    wanted.forEach(
        address -> input.append("0x").append(Long.toHexString(address - 1)).append('\n'));
    Programs.Outcome said = Programs.run(command(program.get()), input.toString(), SECONDS);
    return read(wanted, said.output());
  }

  private List<String> command(Path program) {
    var command = new ArrayList<String>();
    command.add(program.toString());
    if (program.getFileName().toString().startsWith("llvm")) {
      command.addAll(List.of("--output-style=GNU", "--functions=none"));
    }
    command.addAll(List.of("-a", "-i", "-e", library.toString()));
    return command;
  }

  /**
   * An address, then its frames from the innermost; the first outside the dialect is the author's.
   */
  private Map<Long, SourceLine> read(List<Long> wanted, String output) {
    var lines = new HashMap<Long, SourceLine>();
    int at = -1;
    for (String line : output.lines().toList()) {
      if (line.startsWith("0x")) {
        at++;
      } else if (at >= 0 && at < wanted.size()) {
        Matcher frame = FRAME.matcher(line.strip());
        if (frame.matches() && isAuthors(frame)) {
          lines.putIfAbsent(wanted.get(at), place(frame));
        }
      }
    }
    return lines;
  }

  private boolean isAuthors(Matcher frame) {
    String file = frame.group(1);
    boolean known = !file.equals("??") && !frame.group(2).equals("0");
    return known && !file.startsWith(dialect) && !file.endsWith(ENTRIES);
  }

  private static SourceLine place(Matcher frame) {
    String file = frame.group(1);
    String shown =
        file.startsWith(HostCompiler.WORK_FOLDER)
            ? file.substring(HostCompiler.WORK_FOLDER.length())
            : file;
    return new SourceLine(shown, Integer.parseInt(frame.group(2)));
  }
}
