package dev.diecast.capture.cost;

import dev.diecast.capture.cost.CostProfile.Basis;
import dev.diecast.capture.cost.CostProfile.Figure;
import dev.diecast.plans.PlanException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads profiles: {@code [name]}, then {@code description = text} and five figures {@code key =
 * number | basis | source}. Lines that start with {@code #} are comments.
 */
final class ProfileText {
  // What one unit of a figure is in base units.
  private static final Map<String, Double> UNITS =
      Map.of(
          "memory_gb_s", 1e9,
          "float32_tflops", 1e12,
          "float16_tflops", 1e12,
          "dependent_dispatch_us", 1e-6,
          "concurrent_dispatch_us", 1e-6);

  private final String place;
  private final List<CostProfile> profiles = new ArrayList<>();
  private final Map<String, Figure> figures = new HashMap<>();
  private @Nullable String name;
  private String description = "";

  private ProfileText(String place) {
    this.place = place;
  }

  /** The profiles of a text; an error names the line at fault. */
  static List<CostProfile> parse(String place, String text) {
    ProfileText parser = new ProfileText(place);
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = line.strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        parser.line(content, number);
      }
    }
    parser.finish();
    return List.copyOf(parser.profiles);
  }

  private void line(String line, int number) {
    if (line.startsWith("[") && line.endsWith("]")) {
      finish();
      name = line.substring(1, line.length() - 1);
      return;
    }
    String[] pair = line.split("=", 2);
    if (pair.length != 2 || name == null) {
      throw error(number, "is neither '[profile]' nor 'key = value' within one");
    }
    String key = pair[0].strip();
    Double unit = UNITS.get(key);
    if (key.equals("description")) {
      description = pair[1].strip();
    } else if (unit == null) {
      throw error(number, "has the unknown key '" + key + "'");
    } else if (figures.put(key, figure(pair[1], unit, number)) != null) {
      throw error(number, "states " + key + " again");
    }
  }

  private Figure figure(String text, double unit, int number) {
    String[] parts = text.split("\\|", 3);
    if (parts.length != 3 || parts[2].isBlank()) {
      throw error(number, "is not 'number | published, measured or derived | source'");
    }
    try {
      double value = Double.parseDouble(parts[0].strip());
      if (!(value > 0)) {
        throw error(number, "states " + value + ", which is not above 0");
      }
      Basis basis = Basis.valueOf(parts[1].strip().toUpperCase(Locale.ROOT));
      return new Figure(value * unit, basis, parts[2].strip());
    } catch (IllegalArgumentException e) {
      throw error(number, "is not 'number | published, measured or derived | source'");
    }
  }

  private void finish() {
    if (name == null) {
      return;
    }
    profiles.add(
        new CostProfile(
            name,
            description,
            take("memory_gb_s"),
            take("float32_tflops"),
            take("float16_tflops"),
            take("dependent_dispatch_us"),
            take("concurrent_dispatch_us")));
    description = "";
    figures.clear();
  }

  private Figure take(String key) {
    Figure figure = figures.get(key);
    if (figure == null) {
      throw new PlanException(place + ": profile '" + name + "' does not state " + key);
    }
    return figure;
  }

  private PlanException error(int number, String fault) {
    return new PlanException(place + ": line " + number + " " + fault);
  }
}
