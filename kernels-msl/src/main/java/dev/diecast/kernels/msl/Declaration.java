package dev.diecast.kernels.msl;

import java.util.List;

/**
 * A declaration outside all functions and structs.
 *
 * @param head its tokens up to the body or the semicolon
 * @param attributes what stood in double brackets in the head
 * @param plain the head without those attributes
 * @param body the tokens from the opening to the closing brace; empty when a semicolon ends it
 */
record Declaration(
    List<Token> head, List<Attribute> attributes, List<Token> plain, List<Token> body) {

  /** A declaration of a head and a body. */
  static Declaration of(List<Token> head, List<Token> body, MslSource source) {
    Attribute.Split split = Attribute.split(head, source);
    return new Declaration(head, split.attributes(), split.rest(), body);
  }

  int line() {
    return head.getFirst().line();
  }

  boolean has(String attribute) {
    return Attribute.find(ownAttributes(), attribute) != null;
  }

  /** The attributes of the declaration itself, not those of its arguments. */
  List<Attribute> ownAttributes() {
    return attributes.stream().filter(a -> !a.nested()).toList();
  }

  /** Whether this is a kernel, a template of kernels or an instantiation of one. */
  boolean isKernel() {
    return keyword() >= 0 || has("kernel") || has("host_name");
  }

  /** The index of the word {@code kernel} in the plain head, or -1. */
  int keyword() {
    return Tokens.find(plain, "kernel");
  }

  boolean isTemplate() {
    return begins("template") && plain.size() > 1 && plain.get(1).is("<");
  }

  boolean isInstantiation() {
    return begins("template") && !isTemplate();
  }

  /** Whether this is a constant of program scope that is not a function constant. */
  boolean isProgramConstant() {
    int constant = Tokens.find(plain, "constant");
    int call = Tokens.find(plain, "(");
    int value = Tokens.find(plain, "=");
    boolean function = call >= 0 && (value < 0 || call < value);
    boolean type = begins("struct") || begins("using") || begins("typedef") || begins("template");
    return constant >= 0 && !function && !type && !has("function_constant");
  }

  private boolean begins(String word) {
    return !plain.isEmpty() && plain.getFirst().is(word);
  }
}
