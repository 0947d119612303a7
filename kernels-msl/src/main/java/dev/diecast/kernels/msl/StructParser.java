package dev.diecast.kernels.msl;

import dev.diecast.kernels.msl.StructLayout.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lays out structs of plain data by the rules of C++. */
final class StructParser {
  private static final Set<String> NO_DATA =
      Set.of("static", "using", "typedef", "template", "friend", "enum", "constexpr", "METAL_FUNC");
  private static final Set<String> LABELS = Set.of("public", "private", "protected");

  private static final long MOST_ALIGNED = 1 << 16;

  private final MslSource source;
  private final TypeTable types;
  private final Constants constants;
  private final boolean union;
  private final List<Field> fields = new ArrayList<>();
  private long offset;
  private long bytes;
  private long alignment = 1;
  private boolean known = true;

  private StructParser(MslSource source, TypeTable types, Constants constants, boolean union) {
    this.source = source;
    this.types = types;
    this.constants = constants;
    this.union = union;
  }

  /**
   * The layout that a body in braces describes.
   *
   * @param head {@code struct NAME} and what stands before the body
   * @return empty when the struct is more than plain data: bases, bit-fields, unknown types
   */
  static Optional<StructLayout> layout(
      String name,
      List<Token> head,
      List<Token> body,
      MslSource source,
      TypeTable types,
      Constants constants) {
    if (Tokens.find(head, ":") >= 0) {
      return Optional.empty();
    }
    boolean union = Tokens.find(head, "union") >= 0;
    var parser = new StructParser(source, types, constants, union);
    parser.align(head);
    parser.members(body.subList(1, body.size() - 1));
    if (!parser.known) {
      return Optional.empty();
    }
    long whole = Extent.align(Math.max(parser.bytes, 1), parser.alignment);
    return Optional.of(new StructLayout(name, parser.fields, whole, parser.alignment));
  }

  private void members(List<Token> body) {
    int at = 0;
    while (at < body.size() && known) {
      Token first = body.get(at);
      if (first.is(";")) {
        at++;
      } else if (LABELS.contains(first.text())) {
        at += 2;
      } else {
        at = member(body, at);
      }
    }
  }

  private int member(List<Token> body, int start) {
    List<Token> rest = body.subList(start, body.size());
    int end = Tokens.find(rest, t -> t.is(";") || t.is("{"));
    if (end < 0) {
      known = false;
      return body.size();
    }
    List<Token> head = rest.subList(0, end);
    boolean braced = rest.get(end).is("{");
    int after = braced ? Tokens.closing(rest, end, source) + 1 : end;
    if (isNested(head) && braced) {
      int semicolon = Tokens.find(rest.subList(after, rest.size()), ";");
      known &= semicolon >= 0;
      nested(head, rest.subList(end, after), rest.subList(after, after + Math.max(0, semicolon)));
      return start + after + Math.max(0, semicolon) + 1;
    }
    if (!head.isEmpty() && !isMethod(head) && !NO_DATA.contains(head.getFirst().text())) {
      data(head);
    }
    return start + after;
  }

  private static boolean isNested(List<Token> head) {
    return !head.isEmpty() && (head.getFirst().is("struct") || head.getFirst().is("union"));
  }

  private static boolean isMethod(List<Token> head) {
    int call = Tokens.find(head, "(");
    boolean aligned = call > 0 && head.get(call - 1).is("alignas");
    int value = Tokens.find(head, "=");
    return call >= 0 && !aligned && (value < 0 || call < value || isOperator(head));
  }

  private static boolean isOperator(List<Token> head) {
    return Tokens.find(head, "operator") >= 0;
  }

  private void nested(List<Token> head, List<Token> body, List<Token> names) {
    Optional<StructLayout> layout = layout("", head, body, source, types, constants);
    if (layout.isEmpty()) {
      known = false;
      return;
    }
    StructLayout inner = layout.get();
    var extent = new Extent(inner.bytes(), inner.alignment());
    if (names.isEmpty()) {
      long base = place(extent);
      for (Field f : inner.fields()) {
        fields.add(new Field(f.name(), f.type(), base + f.offset(), f.bytes()));
      }
      return;
    }
    boolean array = names.size() > 1;
    known &= !array && names.getFirst().isWord();
    if (known) {
      long at = place(extent);
      fields.add(new Field(names.getFirst().text(), Tokens.text(head), at, extent.bytes()));
    }
  }

  private void data(List<Token> statement) {
    List<Token> plain = Attribute.split(statement, source).rest();
    align(plain);
    List<Token> bare = withoutAlignment(plain);
    List<Declarator> declarators = Declarator.all(bare, source);
    known &= !declarators.isEmpty() && Tokens.find(bare, ":") < 0;
    for (Declarator declarator : declarators) {
      Optional<Extent> extent = declarator.extent(types, constants);
      if (extent.isEmpty()) {
        known = false;
        return;
      }
      long at = place(extent.get());
      fields.add(
          new Field(declarator.name().text(), declarator.fullType(), at, extent.get().bytes()));
    }
  }

  private long place(Extent extent) {
    long at = union ? 0 : Extent.align(offset, extent.alignment());
    alignment = Math.max(alignment, extent.alignment());
    offset = Math.addExact(at, extent.bytes());
    bytes = Math.max(bytes, offset);
    return at;
  }

  /** An {@code alignas(n)} counts for the struct and, as MSL code uses it, for its first member. */
  private void align(List<Token> tokens) {
    int at = Tokens.find(tokens, "alignas");
    if (at < 0 || at + 1 >= tokens.size()) {
      return;
    }
    int close = Tokens.closing(tokens, at + 1, source);
    var asked = constants.value(tokens.subList(at + 2, close));
    known &= asked.isPresent() && isAlignment(asked.getAsLong());
    if (known) {
      alignment = Math.max(alignment, asked.getAsLong());
      offset = Extent.align(offset, asked.getAsLong());
    }
  }

  private static boolean isAlignment(long asked) {
    return asked > 0 && asked <= MOST_ALIGNED && Long.bitCount(asked) == 1;
  }

  private List<Token> withoutAlignment(List<Token> tokens) {
    int at = Tokens.find(tokens, "alignas");
    if (at < 0) {
      return tokens;
    }
    var bare = new ArrayList<>(tokens);
    bare.subList(at, Tokens.closing(tokens, at + 1, source) + 1).clear();
    return bare;
  }
}
