package dev.diecast.plans.shapes;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.ModelSource;
import java.util.List;
import java.util.Optional;

/** Public models whose plans compile, and whose files can be synthesised, without their weights. */
public final class KnownShapes {
  private static final List<KnownShape> SHAPES = ShapeTable.shapes();

  private KnownShapes() {}

  /** The names of the models, as {@link #find} takes them before the colon. */
  public static List<String> names() {
    return SHAPES.stream().map(KnownShape::name).toList();
  }

  /** The kinds of files, as {@link #find} takes them after the colon. */
  public static List<String> types() {
    return TypeMix.labels();
  }

  /** What a person would ask of each model, in the order of {@link #names()}. */
  public static List<ShapeSummary> summaries() {
    return SHAPES.stream().map(ShapeSummary::of).toList();
  }

  /** Whether the text before a colon, if there is one, names a known model. */
  public static boolean isKnown(String spec) {
    return shape(spec.split(":", 2)[0]).isPresent();
  }

  /**
   * The model that {@code NAME:TYPE} names, for example {@code glm-4.7-flash:q4_0}: all metadata
   * and the tensor table of a real file of that type, with a vocabulary made up to the real size.
   * Throws a {@link PlanException} that lists the choices when there is no such model or type.
   */
  public static ModelSource find(String spec) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    KnownShape shape =
        shape(name)
            .orElseThrow(() ->
                new PlanException(
                    "'" + name + "' is no known shape; known are " + String.join(", ", names())));
    if (colon < 0) {
      throw new PlanException("shape '" + spec + "' needs a type, for example " + spec + ":q4_0");
    }
    String type = spec.substring(colon + 1);
    TypeMix mix =
        TypeMix.ofLabel(type)
            .orElseThrow(() ->
                new PlanException(
                    "shape '"
                        + spec
                        + "': '"
                        + type
                        + "' is no type of file; there are "
                        + String.join(", ", types())));
    return KnownModel.of(spec, shape, mix);
  }

  private static Optional<KnownShape> shape(String name) {
    return SHAPES.stream().filter(shape -> shape.name().equals(name)).findFirst();
  }
}
