package dev.diecast.bindings.objc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The messages that the compiled wrappers name, and how they send them, read from their class
 * files: no library needs to be loaded for it.
 */
final class WrittenMessages {
  private static final String MESSAGE = "dev/diecast/bindings/objc/Message";
  private static final String MESSAGE_TYPE = "L" + MESSAGE + ";";
  private static final String CONFORMANCE = "dev/diecast/bindings/objc/Conformance";

  /** A send: the message, and the method of {@link Message} with its descriptor. */
  record Send(SelectorRow row, String method) {}

  /** Messages that some class keeps, by class and field. */
  final Map<String, SelectorRow> messages = new LinkedHashMap<>();

  /** Protocols whose objects some class checks. */
  final List<String> checked = new ArrayList<>();

  /** Every place where a kept message is sent. */
  final List<Send> sends = new ArrayList<>();

  static WrittenMessages of(Path classes) throws IOException {
    WrittenMessages all = new WrittenMessages();
    try (Stream<Path> files = Files.walk(classes)) {
      List<ClassModel> models =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .sorted()
              .map(WrittenMessages::parse)
              .toList();
      models.forEach(model -> model.methods().forEach(method -> all.declarations(model, method)));
      models.forEach(model -> model.methods().forEach(all::sends));
    }
    return all;
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Finds {@code FIELD = Message.of("receiver", "selector")} and {@code Conformance.to("protocol",
   * ...)}.
   */
  private void declarations(ClassModel owner, MethodModel method) {
    List<String> texts = new ArrayList<>();
    for (CodeElement element : code(method)) {
      switch (element) {
        case ConstantInstruction constant when constant.constantValue() instanceof String text ->
            texts.add(text);
        case InvokeInstruction call when isCall(call, CONFORMANCE, "to") -> {
          checked.addAll(texts);
          texts.clear();
        }
        case FieldInstruction field
            when field.typeSymbol().descriptorString().equals(MESSAGE_TYPE)
                && texts.size() >= 2 -> {
          messages.put(
              key(owner.thisClass().asInternalName(), field.name().stringValue()),
              SelectorTable.row(texts.get(texts.size() - 2), texts.getLast()));
          texts.clear();
        }
        default -> {}
      }
    }
  }

  /**
   * Pairs each send with the field that it sends. The field is pushed before the arguments, so
   * nested sends close first, as brackets do; a message that is handed to another method closes
   * there.
   */
  private void sends(MethodModel method) {
    Deque<SelectorRow> open = new ArrayDeque<>();
    for (CodeElement element : code(method)) {
      switch (element) {
        case FieldInstruction field
            when field.opcode() == Opcode.GETSTATIC
                && field.typeSymbol().descriptorString().equals(MESSAGE_TYPE) ->
            open.push(messageIn(key(field.owner().asInternalName(), field.name().stringValue())));
        case InvokeInstruction call
            when call.owner().asInternalName().equals(MESSAGE)
                && call.opcode() != Opcode.INVOKESTATIC
                && !open.isEmpty() ->
            sends.add(new Send(open.pop(), call.name().stringValue() + call.type().stringValue()));
        case InvokeInstruction call -> {
          long handed =
              call.typeSymbol().parameterList().stream()
                  .filter(type -> type.descriptorString().equals(MESSAGE_TYPE))
                  .count();
          for (long i = 0; i < handed; i++) {
            open.pop();
          }
        }
        default -> {}
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalStateException(method + " leaves " + open + " unsent");
    }
  }

  private SelectorRow messageIn(String field) {
    SelectorRow row = messages.get(field);
    if (row == null) {
      throw new IllegalStateException(field + " is sent and holds no message of the table");
    }
    return row;
  }

  private static Iterable<CodeElement> code(MethodModel method) {
    return method.code().map(code -> (Iterable<CodeElement>) code).orElse(Collections.emptyList());
  }

  private static boolean isCall(InvokeInstruction call, String owner, String name) {
    return call.owner().asInternalName().equals(owner) && call.name().equalsString(name);
  }

  private static String key(String owner, String field) {
    return owner + "." + field;
  }
}
