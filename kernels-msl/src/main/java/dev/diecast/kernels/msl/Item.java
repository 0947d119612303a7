package dev.diecast.kernels.msl;

import java.util.List;
import java.util.Map;

/** What a declaration is, as far as reflection and translation care. */
sealed interface Item {
  /** The declaration itself. */
  Declaration declaration();

  /**
   * A kernel, a template of kernels, or the announcement of one.
   *
   * @param variables threadgroup variables of its body
   */
  record Kernel(Declaration declaration, KernelHead head, List<ThreadgroupDeclaration> variables)
      implements Item {
    boolean isTemplate() {
      return !head.parameters().isEmpty();
    }
  }

  /**
   * An instantiation of a template of kernels.
   *
   * @param name the host name
   * @param kernel the template
   * @param arguments of the template
   */
  record Instantiation(
      Declaration declaration, String name, Kernel kernel, List<List<Token>> arguments)
      implements Item {
    Map<String, List<Token>> bound(SourceLine where) {
      return TemplateParameter.bind(kernel.head().parameters(), arguments, where);
    }
  }

  /** A function constant. */
  record Constant(Declaration declaration, FunctionConstant constant) implements Item {}

  /** A constant that follows from function constants. */
  record Derived(Declaration declaration, DerivedConstant constant) implements Item {}

  /** Another constant of program scope. */
  record ProgramConstant(Declaration declaration) implements Item {}

  /** Anything else. */
  record Other(Declaration declaration) implements Item {}
}
