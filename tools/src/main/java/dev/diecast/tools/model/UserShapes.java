package dev.diecast.tools.model;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.shapes.KnownShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shapes that a user has added, one file each, in one folder: {@code $DIECAST_SHAPES}, else
 * {@code diecast/shapes} in {@code $XDG_CONFIG_HOME} or {@code ~/.config}.
 */
public final class UserShapes {
  private static final String ENDING = ".shape";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private UserShapes() {}

  /** Where they lie; the folder need not exist. */
  public static Path folder() {
    return set("DIECAST_SHAPES")
        .orElseGet(() ->
            set("XDG_CONFIG_HOME")
                .orElse(Path.of(System.getProperty("user.home", "."), ".config"))
                .resolve("diecast")
                .resolve("shapes"));
  }

  /** The file for a new shape of that name; a {@link PlanException} when it cannot be one. */
  public static Path fileFor(String name) {
    if (!NAME.matcher(name).matches() || name.endsWith(ENDING)) {
      throw new PlanException(
          "'" + name + "' cannot name a shape: letters, digits, '.', '_' and '-' can");
    }
    if (KnownShapes.isKnown(name)) {
      throw new PlanException("'" + name + "' is the name of a shape that diecast brings along");
    }
    return folder().resolve(name + ENDING);
  }

  /** The file of an added shape, named with or without its ending. */
  public static Optional<Path> find(String named) {
    String name =
        named.endsWith(ENDING) ? named.substring(0, named.length() - ENDING.length()) : named;
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    return Optional.of(folder().resolve(name + ENDING)).filter(Files::isRegularFile);
  }

  /** All added shapes, by name. */
  public static List<Path> files() throws IOException {
    Path folder = folder();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING) && Files.isRegularFile(file))
          .sorted()
          .toList();
    }
  }

  private static Optional<Path> set(String variable) {
    return Optional.ofNullable(System.getenv(variable))
        .filter(value -> !value.isEmpty())
        .map(Path::of);
  }
}
