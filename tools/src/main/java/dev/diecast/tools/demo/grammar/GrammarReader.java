package dev.diecast.tools.demo.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the format that the head of {@code stories.grammar} explains. */
final class GrammarReader {
  private static final Pattern REFERENCE =
      Pattern.compile("\\{([a-z]+)([0-9])(?:\\.([A-Za-z]+))?}");

  private final Map<String, Domain> domains = new LinkedHashMap<>();
  private final List<List<Slot>> plots = new ArrayList<>();
  private List<List<String>> rows = List.of();

  List<List<Slot>> read(String text) {
    text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(this::line);
    return plots;
  }

  private void line(String line) {
    if (line.startsWith("domain ") || line.startsWith("cast ")) {
      String name = line.substring(line.indexOf(' ') + 1, line.indexOf(':'));
      rows = new ArrayList<>();
      List<String> fields = cells(line.substring(line.indexOf(':') + 1));
      domains.put(name, new Domain(name, line.startsWith("cast "), fields, rows));
    } else if (line.startsWith("plot ")) {
      plots.add(new ArrayList<>());
    } else if (plots.isEmpty()) {
      rows.add(cells(line));
    } else {
      choice(line, plots.getLast());
    }
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split("\\|")).map(String::strip).toList();
  }

  private void choice(String line, List<Slot> plot) {
    if (!line.startsWith(" ")) {
      plot.add(new Slot(line.startsWith("?"), new ArrayList<>()));
    }
    plot.getLast().choices().add(parts(line.substring(2)));
  }

  private List<Part> parts(String sentence) {
    List<Part> parts = new ArrayList<>();
    Matcher references = REFERENCE.matcher(sentence);
    int at = 0;
    while (references.find()) {
      if (references.start() > at) {
        parts.add(new Part.Fixed(sentence.substring(at, references.start())));
      }
      parts.add(reference(references.group(1), references.group(2), references.group(3)));
      at = references.end();
    }
    if (at < sentence.length()) {
      parts.add(new Part.Fixed(sentence.substring(at)));
    }
    return parts;
  }

  private Part reference(String domainName, String number, String fieldName) {
    Domain domain = domains.get(domainName);
    int field = domain == null || fieldName == null ? 0 : domain.fields().indexOf(fieldName);
    if (domain == null || field < 0) {
      throw new IllegalStateException("the grammar lacks " + domainName + "." + fieldName);
    }
    return new Part.Reference(domainName + number, domain, field);
  }
}
