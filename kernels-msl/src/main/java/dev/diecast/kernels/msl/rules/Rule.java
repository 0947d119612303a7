package dev.diecast.kernels.msl.rules;

import java.util.Locale;

/** What a finding is about. */
public enum Rule {
  /** The declarations cannot be read, or break the rules for kernel arguments. */
  DECLARATIONS,
  /** The text is not the C++ that MSL is made of. */
  LANGUAGE,
  /** A pointer or a reference crosses address spaces. */
  ADDRESS_SPACE,
  /** A pointer or a reference says no address space. */
  UNQUALIFIED_POINTER,
  /** Threadgroup variables take no initial value. */
  THREADGROUP_INITIALISER,
  /** A function calls itself, if by way of others. */
  RECURSION,
  /** {@code goto}. */
  GOTO,
  /** A lambda. */
  LAMBDA,
  /** Not refused by Metal, but of another size elsewhere: write int64_t or uint64_t. */
  LONG;

  /** The name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
