package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Collects structs, enums, aliases and named numbers from the declarations of a file. */
final class DataTypes {
  private final MslSource source;
  private final Constants constants;
  private final TypeTable table;
  private final List<StructLayout> structs = new ArrayList<>();

  DataTypes(MslSource source, Constants constants) {
    this.source = source;
    this.constants = constants;
    this.table = new TypeTable(constants);
    constants.measureWith(table::extent);
  }

  TypeTable table() {
    return table;
  }

  List<StructLayout> structs() {
    return structs;
  }

  void read(List<Declaration> declarations) {
    for (int i = 0; i < declarations.size(); i++) {
      Declaration declaration = declarations.get(i);
      List<Token> plain = declaration.plain();
      if (plain.isEmpty() || declaration.isTemplate() || declaration.isKernel()) {
        continue;
      }
      if (declaration.body().isEmpty() || Tokens.find(plain, "=") >= 0) {
        aliasOrNumber(plain);
      } else if (Tokens.find(plain, "enum") >= 0) {
        enumeration(declaration);
      } else if (Tokens.find(plain, "(") < 0 || Tokens.find(plain, "alignas") >= 0) {
        boolean typedef = plain.getFirst().is("typedef");
        boolean named = typedef && i + 1 < declarations.size();
        struct(declaration, named ? declarations.get(i + 1).plain() : plain);
      }
    }
  }

  private void aliasOrNumber(List<Token> plain) {
    int value = Tokens.find(plain, "=");
    if (plain.getFirst().is("typedef") && plain.size() > 2) {
      table.alias(plain.getLast().text(), plain.subList(1, plain.size() - 1));
    } else if (plain.getFirst().is("using") && value == 2) {
      table.alias(plain.get(1).text(), plain.subList(3, plain.size()));
    } else if (value > 0 && Tokens.find(plain.subList(0, value), "(") < 0) {
      constants.define(plain.get(value - 1).text(), plain.subList(value + 1, plain.size()));
    }
  }

  private void enumeration(Declaration declaration) {
    List<Token> plain = declaration.plain();
    int colon = Tokens.find(plain, ":");
    int nameAt = (colon < 0 ? plain.size() : colon) - 1;
    if (!plain.get(nameAt).is("enum") && !plain.get(nameAt).is("class")) {
      Extent int32 = new Extent(4, 4);
      List<Token> underlying = colon < 0 ? List.of() : plain.subList(colon + 1, plain.size());
      table.struct(plain.get(nameAt).text(), table.extent(underlying).orElse(int32));
    }
    List<Token> body = declaration.body();
    long next = 0;
    for (List<Token> one : Tokens.split(body.subList(1, body.size() - 1))) {
      var given =
          one.size() > 2 ? constants.value(one.subList(2, one.size())) : OptionalLong.of(next);
      if (given.isEmpty()) {
        return;
      }
      next = given.getAsLong() + 1;
      var number =
          new Token(
              Token.Kind.NUMBER,
              Long.toString(given.getAsLong()),
              one.getFirst().start(),
              one.getFirst().line());
      constants.define(one.getFirst().text(), List.of(number));
    }
  }

  private void struct(Declaration declaration, List<Token> named) {
    List<Token> plain = declaration.plain();
    boolean type = Tokens.find(plain, t -> t.is("struct") || t.is("class") || t.is("union")) >= 0;
    int inherits = Tokens.find(named, ":");
    List<Token> upToName = inherits < 0 ? named : named.subList(0, inherits);
    if (!type || upToName.isEmpty() || !upToName.getLast().isWord()) {
      return;
    }
    String name = upToName.getLast().text();
    Optional<StructLayout> layout =
        StructParser.layout(name, plain, declaration.body(), source, table, constants);
    layout.ifPresent(l -> {
      structs.add(l);
      table.struct(name, new Extent(l.bytes(), l.alignment()));
    });
  }
}
