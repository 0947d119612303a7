package dev.diecast.kernels.msl.rules;

import dev.diecast.kernels.msl.SourceLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads clang's dump of a syntax tree, line by line as it comes: a large file has gigabytes of it.
 * A dump names a file or a line only where it differs from the last one, so all of it is followed.
 */
final class SyntaxTreeScan {
  private static final Pattern NODE =
      Pattern.compile(
          "^([| `-]*)([A-Z]\\w+) (0x[0-9a-f]+)((?: (?:parent|prev) 0x[0-9a-f]+)*)"
              + " <(<invalid sloc>|(?:<[^>]*>|[^<>])*)> ?(.*)$");
  private static final Pattern PLACE =
      Pattern.compile("(?:line:(\\d+):(\\d+)|col:(\\d+)|([^\\s,<>][^,<>]*):(\\d+):(\\d+))");
  private static final Pattern NAME_PLACE =
      Pattern.compile("^(?:<invalid sloc>|line:\\d+:\\d+|col:\\d+|[^\\s']+:\\d+:\\d+) ");
  private static final Pattern PREVIOUS = Pattern.compile("prev (0x[0-9a-f]+)");
  private static final Pattern DECLARED = Pattern.compile("^(?:(\\S+) )?'([^']*)'.*");
  private static final Pattern FLAGS =
      Pattern.compile("^(?:(?:implicit|used|referenced|invalid|constexpr) )+");
  private static final Pattern FUNCTION_POINTER =
      Pattern.compile("\\((?:__\\w+ )?[*&][^()]*\\)\\(");
  private static final Pattern CALLED =
      Pattern.compile("(?:Function|CXXMethod) (0x[0-9a-f]+)|(?:->|\\.)\\w+ (0x[0-9a-f]+)");

  private static final Set<String> VARIABLES =
      Set.of("VarDecl", "ParmVarDecl", "FieldDecl", "TypedefDecl", "TypeAliasDecl");
  private static final Set<String> FUNCTIONS =
      Set.of("FunctionDecl", "CXXMethodDecl", "CXXConversionDecl", "CXXConstructorDecl");
  private static final Set<String> CASTS =
      Set.of(
          "CStyleCastExpr",
          "CXXFunctionalCastExpr",
          "CXXReinterpretCastExpr",
          "CXXStaticCastExpr",
          "CXXConstCastExpr");
  private static final Set<String> CALLS = Set.of("DeclRefExpr", "MemberExpr");

  private static final String LACKS = "a pointer or reference without an address space";

  private static final int NOWHERE = Integer.MAX_VALUE;

  private final Set<String> files;
  private final List<Finding> findings = new ArrayList<>();
  private final CallGraph calls = new CallGraph();
  private String file = "";
  private int line = 1;
  private int column = 1;
  private int skippedBelow = NOWHERE;
  private int functionDepth = NOWHERE;
  private String function = "";

  /** A scan that reports what stands in these files. */
  SyntaxTreeScan(Set<String> files) {
    this.files = files;
  }

  List<Finding> findings() {
    var all = new ArrayList<>(findings);
    all.addAll(calls.recursions());
    return all;
  }

  /** Takes the next line of the dump. */
  void line(String text) {
    Matcher node = NODE.matcher(text);
    if (!node.matches()) {
      return;
    }
    int depth = node.group(1).length();
    String kind = node.group(2);
    String rest = node.group(6);
    followFirst(node.group(5));
    var where = new SourceLine(file, line);
    int start = column;
    followRest(node.group(5));
    Matcher name = NAME_PLACE.matcher(rest);
    if (name.find()) {
      followFirst(name.group());
      rest = rest.substring(name.end());
    }
    if (depth <= skippedBelow) {
      skippedBelow = NOWHERE;
    }
    if (depth <= functionDepth) {
      functionDepth = NOWHERE;
    }
    if (skippedBelow == NOWHERE && files.contains(where.file())) {
      visit(depth, kind, canonical(node), rest, where, start);
    }
  }

  /** The first declaration of what a node declares again, else the node. */
  private String canonical(Matcher node) {
    Matcher previous = PREVIOUS.matcher(node.group(4));
    return previous.find() ? calls.canonical(node.group(3), previous.group(1)) : node.group(3);
  }

  private void followFirst(String places) {
    Matcher place = PLACE.matcher(places);
    if (place.find()) {
      follow(place);
    }
  }

  private void followRest(String places) {
    Matcher place = PLACE.matcher(places);
    while (place.find()) {
      follow(place);
    }
  }

  private void follow(Matcher place) {
    if (place.group(3) != null) {
      column = Integer.parseInt(place.group(3));
    } else if (place.group(1) != null) {
      line = Integer.parseInt(place.group(1));
      column = Integer.parseInt(place.group(2));
    } else {
      file = place.group(4);
      line = Integer.parseInt(place.group(5));
      column = Integer.parseInt(place.group(6));
    }
  }

  private void visit(
      int depth, String kind, String address, String rest, SourceLine where, int start) {
    if (FUNCTIONS.contains(kind)) {
      if (rest.startsWith("implicit ")) {
        skippedBelow = depth;
        return;
      }
      function(depth, address, rest, where, start);
    } else if (VARIABLES.contains(kind)) {
      variable(rest, where, start);
    } else if (CASTS.contains(kind)) {
      cast(rest, where, start);
    } else if (CALLS.contains(kind) && functionDepth != NOWHERE) {
      Matcher called = CALLED.matcher(rest);
      if (called.find()) {
        calls.call(function, called.group(1) == null ? called.group(2) : called.group(1));
      }
    } else if (kind.equals("GotoStmt")) {
      report(where, start, Rule.GOTO, "MSL has no goto");
    } else if (kind.equals("LambdaExpr")) {
      report(where, start, Rule.LAMBDA, "MSL has no lambdas");
      skippedBelow = depth;
    }
  }

  private void function(int depth, String address, String rest, SourceLine where, int start) {
    functionDepth = depth;
    function = address;
    Matcher declared = DECLARED.matcher(FLAGS.matcher(rest).replaceFirst(""));
    if (!declared.matches()) {
      return;
    }
    String name = declared.group(1) == null ? "" : declared.group(1);
    calls.function(address, name, where, start);
    if (rest.contains("' virtual")) {
      report(where, start, Rule.LANGUAGE, "MSL has no virtual functions");
    }
    String type = declared.group(2);
    int parameters = type.indexOf('(');
    if (parameters > 0 && type.substring(0, parameters).contains("__generic")) {
      report(where, start, Rule.UNQUALIFIED_POINTER, "'%s' returns %s".formatted(name, LACKS));
    }
  }

  private void variable(String rest, SourceLine where, int start) {
    Matcher declared = DECLARED.matcher(FLAGS.matcher(rest).replaceFirst(""));
    if (!declared.matches() || rest.startsWith("implicit ")) {
      return;
    }
    String name = declared.group(1) == null ? "this argument" : "'" + declared.group(1) + "'";
    if (FUNCTION_POINTER.matcher(declared.group(2)).find()) {
      report(where, start, Rule.LANGUAGE, name + " is a pointer to a function");
    } else if (isGeneric(declared.group(2))) {
      report(where, start, Rule.UNQUALIFIED_POINTER, name + " is " + LACKS);
    }
  }

  private static boolean isGeneric(String type) {
    return type.contains("__generic");
  }

  private void cast(String rest, SourceLine where, int start) {
    Matcher type = DECLARED.matcher(rest);
    if (type.matches() && isGeneric(type.group(2))) {
      report(where, start, Rule.UNQUALIFIED_POINTER, "a cast to " + LACKS);
    }
  }

  private void report(SourceLine where, int start, Rule rule, String message) {
    findings.add(new Finding(where, start, rule, message));
  }
}
