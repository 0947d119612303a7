package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.objc.SelectorTable;
import dev.diecast.tests.softmetal.Facts.SelectorFact;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The library has the methods that the facts know, with their types, and all that are sent. */
@ExtendWith(NeedsSoftMetal.class)
class FactsTest {
  private static final String PROTOCOL_PREFIX = "Soft";

  private final Facts facts = Facts.read();
  private final List<Implemented> methods =
      SoftMetal.load().methods().stream().filter(FactsTest::isPublic).toList();

  /** The library's own methods, and classes of the runtime, are no business of the facts. */
  private static boolean isPublic(Implemented method) {
    return method.className().matches("(NS|MTL|Soft).*")
        && !method.selector().equals("finish")
        && !method.selector().equals("initialize");
  }

  private static String known(String className) {
    return className.startsWith(PROTOCOL_PREFIX)
        ? className.substring(PROTOCOL_PREFIX.length())
        : className;
  }

  private static List<String> types(String list) {
    return Stream.of(list.split(","))
        .filter(type -> !type.isEmpty())
        .map(FactsTest::encoded)
        .toList();
  }

  /** BOOL and an octet have one encoding. */
  private static String encoded(String type) {
    return type.equals("BOOL") || type.equals("u8") ? "byte" : type;
  }

  @Test
  void everyMethodHasTheTypesOfTheFacts() {
    assertThat(methods).hasSizeGreaterThan(200);
    assertThat(methods).allSatisfy(this::hasTheTypesOfItsFact);
  }

  private void hasTheTypesOfItsFact(Implemented method) {
    SelectorFact fact =
        facts
            .find(known(method.className()), method.kind(), method.selector())
            .or(() -> facts.find("NSObject", method.kind(), method.selector()))
            // Classes answer the methods of the root's objects too.
            .or(() -> facts.find("NSObject", "-", method.selector()))
            .orElseThrow(() -> new AssertionError("the facts do not know " + method));
    TypeEncoding encoding = TypeEncoding.parse(method.encoding());
    assertThat(encoding.arguments()).as("%s", method).isEqualTo(types(fact.arguments()));
    assertThat(encoding.returns()).as("%s", method).isEqualTo(encoded(fact.returns()));
  }

  @Test
  void everyMessageOfTheBindingsIsAnswered() {
    Map<String, List<Implemented>> bySelector =
        methods.stream().collect(Collectors.groupingBy(m -> m.kind() + m.selector()));
    assertThat(SelectorTable.rows())
        .allSatisfy(row ->
            assertThat(bySelector.getOrDefault(row.selector(), List.of()))
                .extracting(method -> known(method.className()))
                .as("%s", row)
                .anyMatch(name -> isOrInherits(name, row.receiver())));
  }

  /** Whether a class is the receiver, or one inherits from the other, or it is the root. */
  private boolean isOrInherits(String name, String receiver) {
    if (name.equals("NSObject")) {
      return true;
    }
    return chain(name).contains(receiver) || chain(receiver).contains(name);
  }

  private List<String> chain(String name) {
    return Stream.iterate(name, n -> n != null, facts.parents()::get).toList();
  }
}
