package dev.diecast.capture.tuning;

import dev.diecast.plans.PlanException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Choices by key, as a text file that people can read and review:
 *
 * <pre>
 * # what was measured, where
 * cpu attention heads=32 kv_heads=4 dk=64 dv=64: splits=8
 * </pre>
 *
 * @param choices names and values by key
 */
public record TuningDatabase(Map<TuningKey, Map<String, Long>> choices) {
  /** Nothing measured. */
  public static final TuningDatabase EMPTY = new TuningDatabase(Map.of());

  private static final String RESOURCE = "tuning.txt";
  private static final Pattern LINE =
      Pattern.compile("(\\w+) (\\w+)((?: \\w+=\\d+)+):((?: \\w+=\\d{1,18})+)");

  /** A database with its own copies of the maps, in key order. */
  public TuningDatabase {
    TreeMap<TuningKey, Map<String, Long>> sorted = new TreeMap<>();
    choices.forEach(
        (key, values) -> sorted.put(key, Collections.unmodifiableMap(new TreeMap<>(values))));
    choices = Collections.unmodifiableMap(sorted);
  }

  /** The measurements that come with Diecast. */
  public static TuningDatabase builtIn() {
    try (InputStream in = TuningDatabase.class.getResourceAsStream(RESOURCE)) {
      byte[] text = Objects.requireNonNull(in, RESOURCE).readAllBytes();
      return parse(new String(text, StandardCharsets.UTF_8), RESOURCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the text form.
   *
   * @param location names the text in errors
   * @throws PlanException for a line that is neither blank, nor a comment, nor a choice, and for a
   *     key that comes twice
   */
  public static TuningDatabase parse(String text, String location) {
    Map<TuningKey, Map<String, Long>> choices = new TreeMap<>();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.replaceFirst("#.*", "").strip();
      if (line.isEmpty()) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      String where = location + ":" + number;
      if (!matcher.matches()) {
        throw new PlanException(
            where + ": expected 'DEVICE KERNEL SIZE=N ...: NAME=VALUE ...', found '" + line + "'");
      }
      TuningKey key = new TuningKey(matcher.group(1), matcher.group(2), matcher.group(3).strip());
      if (choices.put(key, values(matcher.group(4))) != null) {
        throw new PlanException(where + ": '" + key + "' comes twice");
      }
    }
    return new TuningDatabase(choices);
  }

  private static Map<String, Long> values(String text) {
    Map<String, Long> values = new TreeMap<>();
    for (String assignment : text.strip().split(" ", -1)) {
      int equals = assignment.indexOf('=');
      values.put(assignment.substring(0, equals), Long.parseLong(assignment.substring(equals + 1)));
    }
    return values;
  }

  /** A measured value, if there is one. */
  public OptionalLong find(TuningKey key, String name) {
    Long value = choices.getOrDefault(key, Map.of()).get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** This database with one value set. */
  public TuningDatabase with(TuningKey key, String name, long value) {
    Map<String, Long> values = new TreeMap<>(choices.getOrDefault(key, Map.of()));
    values.put(name, value);
    return overriddenBy(new TuningDatabase(Map.of(key, values)));
  }

  /** The other database where it says something, else this one. */
  public TuningDatabase overriddenBy(TuningDatabase other) {
    Map<TuningKey, Map<String, Long>> all = new TreeMap<>(choices);
    all.putAll(other.choices);
    return new TuningDatabase(all);
  }

  /** The text form, by ascending key. */
  public String text() {
    StringBuilder text = new StringBuilder();
    choices.forEach((key, values) -> {
      text.append(key).append(':');
      values.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
      text.append('\n');
    });
    return text.toString();
  }
}
