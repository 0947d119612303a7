package dev.diecast.tests;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import jdk.incubator.vector.Vector;

/** Who may know whom, and other promises that the compiler does not check. */
@AnalyzeClasses(packages = "dev.diecast", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String BINDINGS = "dev.diecast.bindings..";
  private static final String GENERATED = "dev.diecast.bindings.metal.abi";
  private static final String KERNELS = "dev.diecast.kernels..";
  private static final String PLANS = "dev.diecast.plans..";
  private static final String CAPTURE = "dev.diecast.capture..";
  private static final String REPLAY = "dev.diecast.replay..";
  private static final String TOOLS = "dev.diecast.tools..";

  private static GivenClassesConjunction in(String packages) {
    return classes().that().resideInAPackage(packages);
  }

  private static ArchRule mayNotKnow(String packages, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others);
  }

  @ArchTest
  static final ArchRule bindingsKnowNothingOfTheRest =
      mayNotKnow(BINDINGS, KERNELS, PLANS, CAPTURE, REPLAY, TOOLS);

  @ArchTest
  static final ArchRule kernelsKnowNothingOfTheRest =
      mayNotKnow(KERNELS, BINDINGS, PLANS, CAPTURE, REPLAY, TOOLS);

  @ArchTest
  static final ArchRule plansKnowOnlyKernels = mayNotKnow(PLANS, BINDINGS, CAPTURE, REPLAY, TOOLS);

  @ArchTest static final ArchRule captureKnowsNoRuntime = mayNotKnow(CAPTURE, REPLAY, TOOLS);

  @ArchTest static final ArchRule replayKnowsNoPlanner = mayNotKnow(REPLAY, CAPTURE, TOOLS);

  @ArchTest
  static final ArchRule onlyPlansSpeakProtobuf =
      noClasses()
          .that()
          .resideOutsideOfPackage(PLANS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.protobuf..", "dev.diecast.plans.proto..");

  @ArchTest
  static final ArchRule replayNeedsNothingFromOutside =
      in(REPLAY)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "jdk.incubator.vector..", "dev.diecast..", "org.jspecify..");

  @ArchTest
  static final ArchRule theVerifierIsIndependent =
      mayNotKnow("dev.diecast.plans.verify..", CAPTURE, "dev.diecast.plans.codec..");

  @ArchTest
  static final ArchRule onlyToolsTalkToTheUser =
      noClasses().that().resideOutsideOfPackages(TOOLS, GENERATED).should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule nobodyLogs =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.logging..");

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.diecast.bindings.metal") // there, names are Apple's
          .should()
          .haveNameMatching(".*(Util|Utils|Manager|Helper|Helpers)(\\$.*)?")
          .because("such a name says nothing");

  /** Where C2 does not inline such a call, every vector that crosses it is an object. */
  @ArchTest
  static final ArchRule noVectorCrossesAMethodOfOurOwn =
      noMethods()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("dev.diecast.replay.cpu.ops..")
          .should()
          .haveRawReturnType(assignableTo(Vector.class))
          .orShould()
          .haveRawParameterTypes(anyElementThat(assignableTo(Vector.class)));

  @ArchTest
  static final ArchRule packagesOfTheToolsFormNoCycles =
      slices().matching("dev.diecast.tools.(*)..").should().beFreeOfCycles();
}
