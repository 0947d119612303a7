package dev.diecast.kernels.msl;

import java.util.List;
import java.util.Optional;

/**
 * What the declarations of an MSL file say.
 *
 * @param source the text
 * @param kernels plain kernels and instantiated ones
 * @param functionConstants in the order of the text
 * @param derivedConstants constants that follow from them
 * @param structs those whose layout is plain data
 */
public record MslModule(
    MslSource source,
    List<MslKernel> kernels,
    List<FunctionConstant> functionConstants,
    List<DerivedConstant> derivedConstants,
    List<StructLayout> structs) {

  /** Copies the lists. */
  public MslModule {
    kernels = List.copyOf(kernels);
    functionConstants = List.copyOf(functionConstants);
    derivedConstants = List.copyOf(derivedConstants);
    structs = List.copyOf(structs);
  }

  /**
   * Reads the declarations.
   *
   * @throws MslException for text that is not sound MSL as far as its declarations go
   */
  public static MslModule parse(MslSource source) {
    return ParsedText.of(source).module();
  }

  /** The kernel of that name. */
  public Optional<MslKernel> kernel(String wanted) {
    return kernels.stream().filter(k -> k.name().equals(wanted)).findFirst();
  }

  /** The struct of that name. */
  public Optional<StructLayout> struct(String wanted) {
    return structs.stream().filter(s -> s.name().equals(wanted)).findFirst();
  }
}
