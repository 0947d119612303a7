package dev.diecast.kernels.msl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The names of a file that stand for numbers: macros, constants, enumerators. */
final class Constants {
  private final Map<String, List<Token>> definitions = new HashMap<>();
  private Function<List<Token>, Optional<Extent>> sizes = _ -> Optional.empty();

  /** Says what {@code sizeof} yields. */
  void measureWith(Function<List<Token>, Optional<Extent>> measure) {
    sizes = measure;
  }

  void define(String name, List<Token> value) {
    definitions.put(name, List.copyOf(value));
  }

  void undefine(String name) {
    definitions.remove(name);
  }

  /** What a name stands for, or null. */
  @Nullable List<Token> definition(String name) {
    return definitions.get(name);
  }

  Optional<Extent> sizeOf(List<Token> type) {
    return sizes.apply(type);
  }

  /** These constants with template arguments, say, on top. */
  Constants with(Map<String, List<Token>> more) {
    var all = new Constants();
    all.definitions.putAll(definitions);
    all.definitions.putAll(more);
    all.sizes = sizes;
    return all;
  }

  /** The value of an expression; empty when it depends on something else than numbers. */
  OptionalLong value(List<Token> expression) {
    return new Expression(this, expression, 0).value();
  }
}
