package dev.diecast.tools.demo.grammar;

/** A piece of a sentence. */
sealed interface Part {
  /** Always the same. */
  record Fixed(String text) implements Part {}

  /** A field of the row that a variable stands for all through a story. */
  record Reference(String variable, Domain domain, int field) implements Part {}
}
