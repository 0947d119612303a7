package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The declarations of a file, sorted out; what reflection and translation share. */
final class ParsedText {
  private final MslSource source;
  private final List<Token> tokens;
  private final Constants constants = new Constants();
  private final DataTypes types;
  private final List<Item> items = new ArrayList<>();
  private final Map<String, List<Item.Kernel>> kernels = new HashMap<>();
  private final List<FunctionConstant> functionConstants = new ArrayList<>();
  private final List<DerivedConstant> derivedConstants = new ArrayList<>();

  private ParsedText(MslSource source) {
    this.source = source;
    this.tokens = Lexer.tokens(source);
    this.types = new DataTypes(source, constants);
  }

  static ParsedText of(MslSource source) {
    var parsed = new ParsedText(source);
    parsed.macros();
    List<Token> text = parsed.tokens.stream().filter(ParsedText::isText).toList();
    List<Declaration> declarations = Declarations.of(source, text);
    parsed.types.read(declarations);
    for (Declaration declaration : declarations) {
      parsed.items.add(parsed.item(declaration));
    }
    return parsed;
  }

  MslSource source() {
    return source;
  }

  /** All tokens, directives included. */
  List<Token> tokens() {
    return tokens;
  }

  List<Item> items() {
    return items;
  }

  MslModule module() {
    var entries = new ArrayList<MslKernel>();
    for (Item item : items) {
      if (item instanceof Item.Kernel kernel && !kernel.isTemplate() && isDefined(kernel)) {
        entries.add(entry(kernel.head().name().text(), kernel, List.of(), Map.of()));
      } else if (item instanceof Item.Instantiation one) {
        SourceLine where = source.at(one.declaration().line());
        entries.add(entry(one.name(), one.kernel(), one.arguments(), one.bound(where)));
      }
    }
    rejectTwins(entries);
    return new MslModule(source, entries, functionConstants, derivedConstants, types.structs());
  }

  private static boolean isText(Token token) {
    return token.kind() != Token.Kind.DIRECTIVE;
  }

  private static boolean isDefined(Item.Kernel kernel) {
    return !kernel.declaration().body().isEmpty();
  }

  private void macros() {
    for (Token token : tokens) {
      if (token.kind() == Token.Kind.DIRECTIVE && token.text().matches("(?s)#\\s*define\\b.*")) {
        List<Token> words = Lexer.within(source, token);
        boolean constant =
            words.size() > 1
                && !(words.size() > 2
                    && words.get(2).is("(")
                    && words.get(2).start() == words.get(1).end());
        if (constant) {
          constants.define(words.get(1).text(), words.subList(2, words.size()));
        }
      }
    }
  }

  private Item item(Declaration declaration) {
    if (declaration.isInstantiation() && declaration.isKernel()) {
      return instantiation(declaration);
    }
    if (declaration.isKernel() && Tokens.find(declaration.plain(), "(") >= 0) {
      return kernel(declaration);
    }
    if (declaration.has("function_constant")) {
      return functionConstant(declaration);
    }
    return declaration.isProgramConstant()
        ? programConstant(declaration)
        : new Item.Other(declaration);
  }

  private Item kernel(Declaration declaration) {
    KernelHead head = KernelHead.of(declaration, source);
    var kernel =
        new Item.Kernel(declaration, head, ThreadgroupDeclaration.all(declaration.body(), source));
    if (isDefined(kernel)) {
      kernels.computeIfAbsent(head.name().text(), _ -> new ArrayList<>()).add(kernel);
    }
    return kernel;
  }

  private Item instantiation(Declaration declaration) {
    List<Token> plain = declaration.plain();
    SourceLine where = source.at(declaration.line());
    int at = templateId(plain);
    if (at < 0) {
      throw new MslException(where, "this instantiation does not spell its template arguments");
    }
    String function = plain.get(at).text();
    List<List<Token>> arguments =
        Tokens.split(plain.subList(at + 2, Tokens.closingAngle(plain, at + 1)));
    Item.Kernel kernel = template(function, arguments.size(), where);
    Attribute host = Attribute.find(declaration.ownAttributes(), "host_name");
    String name = host == null ? function : hostName(host, where);
    return new Item.Instantiation(declaration, name, kernel, arguments);
  }

  /** The template of that name with room for the arguments; of several, the one with least. */
  private Item.Kernel template(String function, int arguments, SourceLine where) {
    List<Item.Kernel> templates =
        kernels.getOrDefault(function, List.of()).stream().filter(Item.Kernel::isTemplate).toList();
    if (templates.isEmpty()) {
      throw new MslException(where, "no template of kernels is named " + function);
    }
    return templates.stream()
        .filter(t -> t.head().parameters().size() >= arguments)
        .min(Comparator.comparingInt(t -> t.head().parameters().size()))
        .orElseThrow(() -> new MslException(where, "more template arguments than parameters"));
  }

  /** The index of the last name that angles follow, up to the arguments or the end; or -1. */
  private int templateId(List<Token> plain) {
    for (int i = 1; i + 1 < plain.size(); i++) {
      if (Tokens.opens(plain.get(i))) {
        i = Tokens.closing(plain, i, source);
      } else if (plain.get(i).isWord() && plain.get(i + 1).is("<")) {
        int end = Tokens.closingAngle(plain, i + 1);
        if (end < 0 || end + 1 == plain.size() || plain.get(end + 1).is("(")) {
          return end < 0 ? -1 : i;
        }
        i = end;
      }
    }
    return -1;
  }

  private static String hostName(Attribute host, SourceLine where) {
    var name = new StringBuilder();
    for (Token part : host.argument()) {
      if (part.kind() != Token.Kind.STRING) {
        throw new MslException(where, "a host name is a literal");
      }
      name.append(part.text(), 1, part.text().length() - 1);
    }
    return name.toString();
  }

  private Item functionConstant(Declaration declaration) {
    List<Declarator> declared = Declarator.all(declaration.plain(), source);
    SourceLine where = source.at(declaration.line());
    Attribute attribute = declaration.ownAttributes().getFirst();
    OptionalLong id = constants.value(attribute.argument());
    if (declared.size() != 1 || Tokens.find(declaration.plain(), "constant") < 0) {
      throw new MslException(where, "a function constant is one scalar in constant memory");
    }
    String name = declared.getFirst().name().text();
    if (id.isEmpty() || id.getAsLong() < 0 || id.getAsLong() > 65535) {
      throw new MslException(where, name + ": the id must be a number from 0 to 65535");
    }
    var constant = new FunctionConstant((int) id.getAsLong(), name, valueType(declared.getFirst()));
    for (FunctionConstant other : functionConstants) {
      if (other.id() == constant.id() || other.name().equals(name)) {
        throw new MslException(
            where, name + ": function constant " + other.id() + " is " + other.name() + " already");
      }
    }
    functionConstants.add(constant);
    return new Item.Constant(declaration, constant);
  }

  private Item programConstant(Declaration declaration) {
    List<Token> plain = declaration.plain();
    int value = Tokens.find(plain, "=");
    List<Token> initialiser = value < 0 ? List.of() : plain.subList(value + 1, plain.size());
    Set<String> switches = switches();
    boolean derived = initialiser.stream().anyMatch(t -> t.isWord() && switches.contains(t.text()));
    List<Declarator> declared = Declarator.all(plain, source);
    if (!derived || declared.size() != 1) {
      return new Item.ProgramConstant(declaration);
    }
    var constant =
        new DerivedConstant(
            declared.getFirst().name().text(),
            valueType(declared.getFirst()),
            Tokens.text(initialiser));
    derivedConstants.add(constant);
    return new Item.Derived(declaration, constant);
  }

  private static String valueType(Declarator declarator) {
    Set<String> qualifiers = Set.of("static", "constant", "const", "constexpr");
    return Tokens.text(
        declarator.type().stream().filter(t -> !qualifiers.contains(t.text())).toList());
  }

  private Set<String> switches() {
    var names = new HashSet<String>();
    functionConstants.forEach(c -> names.add(c.name()));
    derivedConstants.forEach(c -> names.add(c.name()));
    return names;
  }

  private MslKernel entry(
      String name,
      Item.Kernel kernel,
      List<List<Token>> templateArguments,
      Map<String, List<Token>> bound) {
    KernelHead head = kernel.head();
    return new MslKernel(
        name,
        head.name().text(),
        templateArguments.stream().map(Tokens::text).toList(),
        source.at(head.name().line()),
        head.maxThreads(constants.with(bound), source),
        new ArgumentParser(source, constants, bound, switches()).parse(head.arguments()),
        variables(kernel, bound));
  }

  private List<ThreadgroupVariable> variables(Item.Kernel kernel, Map<String, List<Token>> bound) {
    Constants known = constants.with(bound);
    return kernel.variables().stream()
        .flatMap(d -> d.declarators().stream())
        .map(d -> variable(d, known, bound))
        .toList();
  }

  private ThreadgroupVariable variable(
      Declarator declarator, Constants known, Map<String, List<Token>> bound) {
    var extent = declarator.extent(types.table(), known);
    var filled =
        new Declarator(
            TemplateParameter.fill(declarator.type(), bound),
            declarator.name(),
            declarator.lengths(),
            declarator.initialised());
    return new ThreadgroupVariable(
        declarator.name().text(),
        filled.fullType(),
        source.at(declarator.name().line()),
        declarator.initialised(),
        extent.isPresent() ? OptionalLong.of(extent.get().bytes()) : OptionalLong.empty());
  }

  private static void rejectTwins(List<MslKernel> entries) {
    var names = new HashSet<String>();
    for (MslKernel entry : entries) {
      if (!names.add(entry.name())) {
        throw new MslException(entry.where(), "two kernels are named " + entry.name());
      }
    }
  }
}
