package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.diecast.kernels.Access;
import dev.diecast.kernels.ArgField;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.msl.GridSemantic;
import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.StructLayout;
import dev.diecast.kernels.msl.rules.Clang;
import dev.diecast.kernels.msl.rules.ClangUnavailable;
import dev.diecast.kernels.msl.rules.RuleCheck;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of every kernel that is shipped, whatever it computes. */
class ShippedKernelsTest {
  /** A kernel in one of the forms in which it exists. */
  record Form(KernelContract contract, KernelLaunch launch) {
    MslModule module() throws IOException {
      return MslModule.parse(MslSource.ofResource(launch.resource()));
    }

    MslKernel kernel() throws IOException {
      return module().kernel(launch.entry()).orElseThrow();
    }

    @Override
    public String toString() {
      return launch.entry();
    }
  }

  static List<Form> kernels() {
    return KernelCatalog.all().stream().flatMap(ShippedKernelsTest::forms).toList();
  }

  /** Throws for a kernel of the catalogue that does not exist as MSL. */
  private static Stream<Form> forms(KernelContract contract) {
    return Stream.of(KernelLaunches.of(contract.name()), KernelLaunches.tiled(contract.name()))
        .filter(Objects::nonNull)
        .map(launch -> new Form(contract, launch));
  }

  static List<String> files() {
    return kernels().stream().map(form -> form.launch().resource()).distinct().toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void applesCompilerWouldTakeIt(String file) throws IOException {
    assertThat(new RuleCheck(clang()).check(MslSource.ofResource(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void itsSignatureIsThatOfTheContract(Form form) throws IOException {
    KernelContract contract = form.contract();
    List<MslArgument> buffers =
        form.kernel().arguments().stream().filter(a -> a.kind() != MslArgument.Kind.GRID).toList();
    assertThat(buffers).hasSize(contract.slots().size() + 1);
    for (Slot slot : contract.slots()) {
      MslArgument argument = buffers.get(slot.index());
      assertThat(argument.name()).isEqualTo(slot.name());
      assertThat(argument.index()).isEqualTo(slot.index());
      assertThat(argument.isConst()).as(slot.name()).isEqualTo(slot.access() == Access.READ);
      assertThat(argument.enabledBy()).isEqualTo(slot.optional() ? "has_" + slot.name() : null);
    }
    MslArgument args = buffers.getLast();
    assertThat(args.index()).isEqualTo(contract.slots().size());
    assertLayout(contract, form.module().struct(args.elementType()).orElseThrow());
  }

  /** Metal wants the positions and sizes that a kernel asks for to be of one type. */
  @ParameterizedTest
  @MethodSource("kernels")
  void itsPlacesInTheGridHaveOneWidth(Form form) throws IOException {
    assertThat(
            form.kernel().arguments().stream()
                .filter(a -> isPlaceOrSize(a.semantic()))
                .map(MslArgument::elementType)
                .distinct())
        .hasSizeLessThanOrEqualTo(1);
  }

  private static boolean isPlaceOrSize(@Nullable GridSemantic semantic) {
    return semantic != null
        && !semantic.attribute().contains("index")
        && !semantic.attribute().contains("simdgroup");
  }

  private static void assertLayout(KernelContract contract, StructLayout layout) {
    assertThat(layout.fields())
        .extracting(StructLayout.Field::name)
        .isEqualTo(contract.args().fields().stream().map(ArgField::name).toList());
    for (ArgField field : contract.args().fields()) {
      StructLayout.Field declared = layout.field(field.name()).orElseThrow();
      assertThat(declared.offset()).isEqualTo(contract.args().offsetOf(field.name()));
      String type =
          switch (field.type()) {
            case I32 -> "int";
            case I64 -> "int64_t";
            case F32 -> "float";
          };
      assertThat(declared.type()).isEqualTo(type);
    }
    assertThat(layout.bytes()).isEqualTo(contract.args().byteSize());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void itFitsTheThreadgroupMemory(Form form) throws IOException {
    assertThat(form.kernel().staticThreadgroupBytes().orElseThrow()).isLessThanOrEqualTo(32_768);
  }

  private static Clang clang() throws IOException {
    try {
      return Clang.find();
    } catch (ClangUnavailable e) {
      return abort(String.valueOf(e.getMessage()));
    }
  }
}
