package dev.diecast.kernels.msl.rules;

import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.SourceLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the messages of clang into findings. */
final class Diagnostics {
  private static final Pattern MESSAGE =
      Pattern.compile("(.*?):(\\d+):(\\d+): (fatal error|error|note): (.*)");
  private static final Pattern INSTANTIATION =
      Pattern.compile(".*(in instantiation of|requested here).*");

  private static final Pattern NOT_VIABLE =
      Pattern.compile(".*: note: candidate .*(?:not viable|template ignored): (.*)");
  private static final Pattern POINTEE =
      Pattern.compile("(__global|__constant|__local|__private) [^'*&\\[]*[*&\\[]");

  private final MslSource source;
  private final Set<String> files;

  /** A reader of messages about the author's files. */
  Diagnostics(MslSource source, Set<String> files) {
    this.source = source;
    this.files = files;
  }

  /** An error and the notes that follow it. */
  private record Message(SourceLine where, int column, String text, List<String> notes) {}

  List<Finding> findings(List<String> lines) {
    var messages = new ArrayList<Message>();
    for (String line : lines) {
      Matcher matcher = MESSAGE.matcher(line);
      if (!matcher.matches()) {
        continue;
      }
      var where = new SourceLine(matcher.group(1), Integer.parseInt(matcher.group(2)));
      if (!matcher.group(4).equals("note")) {
        int column = Integer.parseInt(matcher.group(3));
        messages.add(new Message(where, column, matcher.group(5), new ArrayList<>()));
      } else if (!messages.isEmpty()) {
        messages.getLast().notes().add(line);
      }
    }
    return messages.stream().filter(m -> !isFineInMsl(m)).map(this::finding).toList();
  }

  /**
   * MSL converts by C casts between vectors, scalars to the components of the vector that they
   * meet, fills vectors up with zeros, and passes pointers to any type to kernels.
   */
  private static boolean isFineInMsl(Message message) {
    return isCopyOfConstant(message)
        || message.text().matches(".* from vector '.* of different size")
        || message.text().startsWith("scalar operand type has greater rank")
        || message.text().endsWith("cannot be used as the type of a kernel parameter")
        || message.text().startsWith("too few elements in vector initialization");
  }

  /**
   * OpenCL has no implicit copy of a struct in constant memory, as its copy constructor takes a
   * generic reference; MSL has.
   */
  private static boolean isCopyOfConstant(Message message) {
    boolean copy =
        message.text().startsWith("no matching constructor for initialization of")
            || message.text().startsWith("no viable overloaded '='")
            || message.text().startsWith("no viable conversion from");
    return copy
        && message.notes().stream()
            .anyMatch(n ->
                n.contains("(the implicit copy")
                    && n.contains("reference in address space '__constant'"));
  }

  private Finding finding(Message message) {
    String text = message.text() + reason(message);
    Rule rule =
        text.contains("address space") || mixesSpaces(text) ? Rule.ADDRESS_SPACE : Rule.LANGUAGE;
    SourceLine where = message.where();
    int column = message.column();
    if (!files.contains(where.file())) {
      // Inside our headers: the author's line is the one that asked for the instantiation.
      where = requester(message);
      column = 0;
    }
    return new Finding(where, column, rule, inMetalTerms(text));
  }

  /** Why the one function that could be meant does not fit; nothing where there are several. */
  private static String reason(Message message) {
    List<String> reasons =
        message.notes().stream()
            .map(NOT_VIABLE::matcher)
            .filter(Matcher::matches)
            .map(m -> m.group(1))
            .toList();
    return reasons.size() == 1 ? ": " + reasons.getFirst() : "";
  }

  private static boolean mixesSpaces(String text) {
    return POINTEE.matcher(text).results().map(m -> m.group(1)).distinct().count() > 1;
  }

  private SourceLine requester(Message message) {
    for (String note : message.notes()) {
      Matcher matcher = MESSAGE.matcher(note);
      if (INSTANTIATION.matcher(note).matches()
          && matcher.matches()
          && files.contains(matcher.group(1))) {
        return new SourceLine(matcher.group(1), Integer.parseInt(matcher.group(2)));
      }
    }
    return RuleCheck.start(source);
  }

  /** OpenCL's spellings, as MSL has them. */
  static String inMetalTerms(String message) {
    return message
        .replaceAll("'__private ([^'*&]*)'", "'$1'")
        .replaceAll("([*&]) ?__private'", "$1'")
        .replace("__global", "device")
        .replace("__constant", "constant")
        .replace("__local", "threadgroup")
        .replace("__private", "thread")
        .replaceAll("(?:const )?__generic ", "")
        .replace("__bf16", "bfloat")
        .replaceAll("(\\w+) __attribute__\\(\\(ext_vector_type\\((\\d)\\)\\)\\)", "$1$2")
        .replace("OpenCL C++", "MSL")
        .replace("OpenCL", "MSL");
  }
}
