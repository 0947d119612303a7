package dev.diecast.bindings.objc;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What objects of a protocol must understand: every message of its rows in the selector table,
 * except those that came with a later macOS than the protocol itself, which are asked for one by
 * one ({@link Message#understoodBy}).
 *
 * <p>Metal's objects are of private classes, so the first one that turns up is checked, and stands
 * for the others.
 */
public final class Conformance {
  private final List<String> protocols;
  private boolean checked;

  private Conformance(List<String> protocols) {
    this.protocols = protocols;
  }

  /** Conformance to a protocol, and to those that it inherits from. */
  public static Conformance to(String protocol, String... inherited) {
    return new Conformance(Stream.concat(Stream.of(protocol), Stream.of(inherited)).toList());
  }

  /** The protocol, without those that it inherits from. */
  public String protocol() {
    return protocols.getFirst();
  }

  /**
   * Checks an object, unless one was checked before.
   *
   * @return the object
   * @throws MetalException naming all that it does not understand
   */
  public long check(long object) {
    if (!checked) {
      String missing =
          protocols.stream()
              .flatMap(Conformance::mandatory)
              .filter(row ->
                  !row.ofClass() && !ObjcRuntime.responds(object, ObjcRuntime.selector(row.name())))
              .map(SelectorRow::toString)
              .collect(Collectors.joining(", "));
      if (!missing.isEmpty()) {
        throw new MetalException(
            "this system's "
                + protocol()
                + " ("
                + ObjcRuntime.classNameOf(object)
                + ") lacks "
                + missing);
      }
      checked = true;
    }
    return object;
  }

  private static Stream<SelectorRow> mandatory(String protocol) {
    List<SelectorRow> rows = SelectorTable.rowsOf(protocol);
    int first = rows.stream().mapToInt(SelectorRow::since).min().orElse(0);
    return rows.stream().filter(row -> row.since() == first);
  }
}
