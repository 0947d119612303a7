package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The key-value metadata of a model, in file order. */
public final class Metadata {
  private final String location;
  private final Map<String, MetaValue> values;

  /** Metadata of the source at that location. */
  public Metadata(String location, Map<String, MetaValue> values) {
    this.location = location;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** All entries, in file order. */
  public Map<String, MetaValue> entries() {
    return values;
  }

  /** The value of a key, or empty. */
  public Optional<MetaValue> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The integer under a key; an error when it is missing or no integer. */
  public long integer(String key) {
    return find(key).orElseThrow(() -> missing(key)).asLong(at(key));
  }

  /** The integer under a key, or the default when it is missing. */
  public long integer(String key, long otherwise) {
    return find(key).map(v -> v.asLong(at(key))).orElse(otherwise);
  }

  /** The number under a key; an error when it is missing or no number. */
  public double number(String key) {
    return find(key).orElseThrow(() -> missing(key)).asDouble(at(key));
  }

  /** The number under a key, or the default when it is missing. */
  public double number(String key, double otherwise) {
    return find(key).map(v -> v.asDouble(at(key))).orElse(otherwise);
  }

  /** The flag under a key, or the default when it is missing. */
  public boolean flag(String key, boolean otherwise) {
    return find(key).map(v -> v.asBoolean(at(key))).orElse(otherwise);
  }

  /** The text under a key; an error when it is missing or no text. */
  public String text(String key) {
    return find(key).orElseThrow(() -> missing(key)).asText(at(key));
  }

  /** The text under a key, or the default when it is missing. */
  public String text(String key, String otherwise) {
    return find(key).map(v -> v.asText(at(key))).orElse(otherwise);
  }

  /** Where a key stands, to start an error about its value. */
  public String at(String key) {
    return location + ": metadata '" + key + "'";
  }

  private PlanException missing(String key) {
    return new PlanException(at(key) + " is missing");
  }
}
