package dev.diecast.kernels.msl;

import dev.diecast.kernels.Access;
import dev.diecast.kernels.msl.MslArgument.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of a kernel and numbers those that carry no index, as Metal does. */
final class ArgumentParser {
  private static final Set<String> INDEXED = Set.of("buffer", "threadgroup");
  private static final Set<String> UNSUPPORTED =
      Set.of("texture", "sampler", "stage_in", "imageblock_data", "payload");
  private static final Set<String> GRID_TYPES = Set.of("uint", "ushort", "uint32_t", "uint16_t");
  private static final Set<String> NOT_ELEMENT =
      Set.of(
          "device",
          "constant",
          "threadgroup",
          "thread",
          "const",
          "volatile",
          "restrict",
          "__restrict",
          "&",
          "*");

  private final MslSource source;
  private final Constants constants;
  private final Map<String, List<Token>> bound;
  private final Set<String> switches;
  private final List<MslArgument> found = new ArrayList<>();
  private int nextBuffer;
  private int nextThreadgroup;

  /**
   * A parser for one entry.
   *
   * @param bound what the template parameters stand for
   * @param switches the names that {@code [[function_constant(...)]]} may give
   */
  ArgumentParser(
      MslSource source, Constants constants, Map<String, List<Token>> bound, Set<String> switches) {
    this.source = source;
    this.constants = constants.with(bound);
    this.bound = bound;
    this.switches = switches;
  }

  List<MslArgument> parse(List<List<Token>> arguments) {
    for (List<Token> argument : arguments) {
      found.add(new OneArgument(argument).parse());
    }
    rejectDuplicates(arguments);
    return List.copyOf(found);
  }

  private void rejectDuplicates(List<List<Token>> arguments) {
    var seen = new HashSet<String>();
    for (int i = 0; i < found.size(); i++) {
      MslArgument a = found.get(i);
      boolean threadgroup = a.kind() == Kind.THREADGROUP;
      String key = (threadgroup ? "threadgroup(" : "buffer(") + a.index() + ")";
      // Arguments that exist under different function constants may share an index.
      String slot = key + (a.enabledBy() == null ? "" : a.enabledBy());
      boolean clash = a.enabledBy() == null ? seen.contains(key) : seen.contains(key + "!");
      if (a.kind() != Kind.GRID && (clash || !seen.add(slot))) {
        throw new MslException(
            source.at(arguments.get(i).getLast().line()), a.name() + ": " + key + " is taken");
      }
      if (a.kind() != Kind.GRID) {
        seen.add(key);
        if (a.enabledBy() == null) {
          seen.add(key + "!");
        }
      }
    }
  }

  /** One argument on its way from tokens. */
  private final class OneArgument {
    private final List<Attribute> attributes;
    private final List<Token> type;
    private final Token name;
    private final boolean isArray;
    private final @Nullable GridSemantic semantic;

    OneArgument(List<Token> tokens) {
      Attribute.Split split = Attribute.split(tokens, source);
      attributes = split.attributes();
      List<Token> rest = split.rest();
      int bracket = Tokens.find(rest, "[");
      int nameAt = (bracket < 0 ? rest.size() : bracket) - 1;
      if (nameAt < 1 || !rest.get(nameAt).isWord()) {
        throw new MslException(
            source.at(tokens.getFirst().line()), "cannot read argument " + Tokens.text(tokens));
      }
      name = rest.get(nameAt);
      type = rest.subList(0, nameAt);
      isArray = bracket >= 0;
      semantic = semantic();
    }

    MslArgument parse() {
      AddressSpace space = addressSpace();
      if (semantic != null) {
        return grid(semantic, space);
      }
      int pointers = (int) type.stream().filter(t -> t.is("*")).count() + (isArray ? 1 : 0);
      boolean reference = Tokens.find(type, "&") >= 0;
      if (space == null || space == AddressSpace.THREAD) {
        throw fault("neither a buffer, threadgroup memory nor a place in the grid");
      }
      if (pointers + (reference ? 1 : 0) != 1) {
        throw fault("memory is passed by one pointer or one reference");
      }
      boolean isConst = space == AddressSpace.CONSTANT || pointsToConst();
      Kind kind = kind(space, reference);
      return new MslArgument(
          index(kind),
          name.text(),
          kind,
          space,
          elementType(),
          reference,
          isConst,
          isConst ? Access.READ : Access.READ_WRITE,
          enabledBy(),
          null);
    }

    private MslArgument grid(GridSemantic what, @Nullable AddressSpace space) {
      if (space != null || isArray || Tokens.find(type, t -> t.is("*") || t.is("&")) >= 0) {
        throw fault("a place in the grid is a value, not memory");
      }
      String element = elementType().replaceFirst("^unsigned int$|^unsigned$", "uint");
      char last = element.charAt(element.length() - 1);
      boolean vector = (last == '2' || last == '3') && !element.equals("uint32_t");
      String component = vector ? element.substring(0, element.length() - 1) : element;
      if (!GRID_TYPES.contains(component)) {
        throw fault("[[" + what.attribute() + "]] is made of uint or ushort, not " + element);
      }
      if (vector && what.mostComponents() == 1) {
        throw fault("[[" + what.attribute() + "]] is a scalar, not " + element);
      }
      return new MslArgument(
          -1,
          name.text(),
          Kind.GRID,
          AddressSpace.THREAD,
          element,
          false,
          true,
          Access.READ,
          null,
          what);
    }

    private @Nullable GridSemantic semantic() {
      GridSemantic found = null;
      for (Attribute attribute : attributes) {
        String text = attribute.name();
        GridSemantic one = GridSemantic.ofAttribute(text);
        if (UNSUPPORTED.contains(text)) {
          throw fault("[[" + text + "]] arguments are not supported");
        }
        if (one == null && !INDEXED.contains(text) && !text.equals("function_constant")) {
          throw fault("unknown attribute '" + text + "'");
        }
        if (one != null && found != null) {
          throw fault("two grid attributes on one argument");
        }
        found = one == null ? found : one;
      }
      return found;
    }

    private @Nullable AddressSpace addressSpace() {
      AddressSpace space = null;
      for (AddressSpace each : AddressSpace.values()) {
        if (Tokens.find(type, each.keyword()) >= 0) {
          if (space != null) {
            throw fault("two address spaces on one argument");
          }
          space = each;
        }
      }
      return space;
    }

    private boolean pointsToConst() {
      int pointer = Tokens.find(type, t -> t.is("*") || t.is("&"));
      List<Token> pointee = pointer < 0 ? type : type.subList(0, pointer);
      return Tokens.find(pointee, "const") >= 0;
    }

    private Kind kind(AddressSpace space, boolean reference) {
      return switch (space) {
        case THREADGROUP -> Kind.THREADGROUP;
        case CONSTANT -> reference ? Kind.BYTES : Kind.BUFFER;
        case DEVICE, THREAD -> Kind.BUFFER;
      };
    }

    private String elementType() {
      List<Token> element = type.stream().filter(t -> !NOT_ELEMENT.contains(t.text())).toList();
      if (element.isEmpty()) {
        throw fault("no type");
      }
      return Tokens.text(TemplateParameter.fill(element, bound));
    }

    private int index(Kind kind) {
      String attribute = kind == Kind.THREADGROUP ? "threadgroup" : "buffer";
      Attribute given = Attribute.find(attributes, attribute);
      int index = kind == Kind.THREADGROUP ? nextThreadgroup : nextBuffer;
      if (given != null) {
        OptionalLong value = constants.value(given.argument());
        if (value.isEmpty() || value.getAsLong() < 0 || value.getAsLong() > 30) {
          throw fault("[[" + attribute + "(n)]] needs a number from 0 to 30");
        }
        index = (int) value.getAsLong();
      }
      if (kind == Kind.THREADGROUP) {
        nextThreadgroup = Math.max(nextThreadgroup, index + 1);
      } else {
        nextBuffer = Math.max(nextBuffer, index + 1);
      }
      return index;
    }

    private @Nullable String enabledBy() {
      Attribute given = Attribute.find(attributes, "function_constant");
      if (given == null) {
        return null;
      }
      String constant = Tokens.text(given.argument());
      if (!switches.contains(constant)) {
        throw fault("no function constant is named " + constant);
      }
      return constant;
    }

    private MslException fault(String reason) {
      return new MslException(source.at(name.line()), name + ": " + reason);
    }
  }
}
