package dev.diecast.plans.gguf;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The name of a part of a split model: {@code NAME-00002-of-00005.gguf}, counted from 1. */
record SplitName(Path folder, String stem, int number, int count) {
  private static final Pattern PATTERN = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");

  /** The name as a split name, or empty when it is an ordinary one. */
  static Optional<SplitName> of(Path path) {
    Path file = path.getFileName();
    Matcher matcher = PATTERN.matcher(file == null ? "" : file.toString());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(matcher.group(2));
    int count = Integer.parseInt(matcher.group(3));
    if (number < 1 || number > count) {
      return Optional.empty();
    }
    return Optional.of(new SplitName(path.resolveSibling(""), matcher.group(1), number, count));
  }

  /** The paths of all parts, in order. */
  List<Path> parts() {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            i -> folder.resolve(String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", stem, i, count)))
        .toList();
  }
}
