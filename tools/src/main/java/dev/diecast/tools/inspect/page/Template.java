package dev.diecast.tools.inspect.page;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text with places named <code>{{NAME}}</code>, filled in one go: what fills a place is final. */
final class Template {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([A-Z_]+)}}");

  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();

  Template(String text) {
    this.text = text;
  }

  Template with(String name, String value) {
    values.put(name, value);
    return this;
  }

  String fill() {
    return PLACE.matcher(text).replaceAll(place -> Matcher.quoteReplacement(value(place.group(1))));
  }

  private String value(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("the template has a place " + name + " and no value for it");
    }
    return value;
  }
}
