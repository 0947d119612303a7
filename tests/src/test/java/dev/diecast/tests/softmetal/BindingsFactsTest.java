package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.diecast.bindings.metal.MetalEnum;
import dev.diecast.bindings.metal.abi.Block_descriptor;
import dev.diecast.bindings.metal.abi.Block_literal;
import dev.diecast.bindings.metal.abi.MTL4BufferRange;
import dev.diecast.bindings.metal.abi.MTLResourceID;
import dev.diecast.bindings.metal.abi.MTLSize;
import dev.diecast.bindings.metal.abi.MTLSizeAndAlign;
import dev.diecast.bindings.metal.abi.NSOperatingSystemVersion;
import dev.diecast.bindings.metal.abi.NSRange;
import dev.diecast.bindings.objc.SelectorRow;
import dev.diecast.bindings.objc.SelectorTable;
import dev.diecast.bindings.objc.ValueType;
import dev.diecast.tests.softmetal.Facts.EnumFact;
import dev.diecast.tests.softmetal.Facts.SelectorFact;
import dev.diecast.tests.softmetal.Facts.StructFact;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the bindings declare is what the facts say; needs no Metal of any kind. */
class BindingsFactsTest {
  /** The oldest macOS that Diecast runs on. */
  private static final int OLDEST = 13;

  private static final Map<String, GroupLayout> STRUCTS =
      Map.of(
          "MTLSize", MTLSize.layout(),
          "NSRange", NSRange.layout(),
          "MTLResourceID", MTLResourceID.layout(),
          "MTL4BufferRange", MTL4BufferRange.layout(),
          "MTLSizeAndAlign", MTLSizeAndAlign.layout(),
          "NSOperatingSystemVersion", NSOperatingSystemVersion.layout(),
          "Block_literal", Block_literal.layout(),
          "Block_descriptor", Block_descriptor.layout());

  private final Facts facts = Facts.read();

  @Test
  void everySelectorIsAFact() {
    assertThat(SelectorTable.rows()).hasSizeGreaterThan(100).allSatisfy(this::isFact);
  }

  private void isFact(SelectorRow row) {
    SelectorFact fact =
        facts
            .find(row.receiver(), row.selector().substring(0, 1), row.name())
            .orElseThrow(() -> new AssertionError("the facts do not know " + row));
    List<String> wanted =
        Stream.of(fact.arguments().split(",")).filter(type -> !type.isEmpty()).toList();
    assertThat(row.arguments()).as("arguments of %s", row).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(words(row.arguments().get(i)))
          .as("argument %d of %s", i, row)
          .contains(wanted.get(i));
    }
    assertThat(words(row.returns())).as("what %s returns", row).contains(fact.returns());
    assertThat(row.since()).as("age of %s", row).isEqualTo(Math.max(OLDEST, fact.since()));
    assertThat(row.owned()).as("ownership of %s", row).isEqualTo(owns(row.name()));
  }

  /** The rule of names: what is made new, allocated or copied belongs to the caller. */
  private static boolean owns(String selector) {
    return selector.matches("(new|alloc|copy|mutableCopy)([A-Z:].*)?");
  }

  /** The words of the facts that a type of the bindings stands for. */
  private static Set<String> words(ValueType type) {
    return switch (type) {
      case VOID -> Set.of("void");
      case ID -> Set.of("id");
      case U64 -> Set.of("u64");
      case I64 -> Set.of("i64");
      case F64 -> Set.of("f64");
      case BOOL -> Set.of("BOOL");
      case PTR -> Set.of("ptr", "u64*");
      case IDS, ERROR, OUT -> Set.of("id*");
      case BLOCK -> Set.of("block");
      case CSTR -> Set.of("cstr");
      case RANGE -> Set.of("NSRange");
      case SIZE -> Set.of("MTLSize");
      case SIZEALIGN -> Set.of("MTLSizeAndAlign");
      case VERSION -> Set.of("NSOperatingSystemVersion");
    };
  }

  @Test
  void everyConstantIsAFact() {
    List<MetalEnum> constants =
        Stream.of(MetalEnum.class.getPermittedSubclasses())
            .flatMap(type -> Stream.of(type.getEnumConstants()))
            .map(MetalEnum.class::cast)
            .toList();
    assertThat(constants)
        .hasSizeGreaterThan(40)
        .allSatisfy(constant ->
            assertThat(facts.enums())
                .extracting(EnumFact::enumName, EnumFact::constant, EnumFact::value)
                .contains(tuple(constant.appleType(), constant.appleName(), constant.value())));
  }

  @Test
  void everyStructLiesAsTheFactsSay() {
    STRUCTS.forEach((name, layout) -> {
      List<StructFact> fields =
          facts.structs().stream().filter(fact -> fact.struct().equals(name)).toList();
      assertThat(layout.memberLayouts()).as(name).hasSameSizeAs(fields);
      for (StructFact field : fields) {
        assertThat(layout.byteSize()).as(name).isEqualTo(field.size());
        assertThat(layout.byteOffset(PathElement.groupElement(field.field())))
            .as("%s.%s", name, field.field())
            .isEqualTo(field.offset());
      }
    });
  }
}
