package dev.diecast.bindings.objc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SelectorTableTest {
  /** x86-64 passes this many words in registers; the receiver and the selector are two of them. */
  private static final int REGISTERS = 6;

  @Test
  void argumentsMatchTheColons() {
    assertThat(SelectorTable.rows())
        .isNotEmpty()
        .allSatisfy(row ->
            assertThat(row.selector().chars().filter(c -> c == ':').count())
                .as(row.toString())
                .isEqualTo(row.arguments().size()));
  }

  @Test
  void everyWordFitsIntoARegister() {
    assertThat(SelectorTable.rows())
        .allSatisfy(row -> {
          int words =
              row.arguments().stream()
                  .mapToInt(type -> type.places().replace("s", "").length())
                  .sum();
          assertThat(2 + words).as(row.toString()).isLessThanOrEqualTo(REGISTERS);
        });
  }

  @Test
  void whatIsNewlyMadeIsOwned() {
    assertThat(SelectorTable.rows())
        .allSatisfy(row ->
            assertThat(row.owned())
                .as(row.toString())
                .isEqualTo(
                    row.returns() == ValueType.ID && row.name().matches("(new|alloc|copy).*")));
  }

  @Test
  void onlyEncodingIsQuick() {
    Set<Shape> shapes =
        EnumSet.of(
            Shape.VOID, Shape.VOID_1, Shape.VOID_2, Shape.VOID_3, Shape.VOID_4, Shape.VOID_SIZES);
    List<SelectorRow> quick = SelectorTable.rows().stream().filter(SelectorRow::quick).toList();
    assertThat(quick).isNotEmpty().allMatch(row -> shapes.contains(row.shape()));
    assertThat(quick)
        .allMatch(row ->
            row.receiver()
                .matches(
                    "MTL4?(Compute)?Command.*Encoder|MTLIndirectComputeCommand|.*ArgumentTable|.*ComputeCommandEncoder"));
    assertThat(quick).noneMatch(row -> row.name().matches("(commit|wait|end|execute|new|use).*"));
    assertThat(SelectorTable.rows())
        .filteredOn(row -> row.shape() == Shape.VOID_SIZES)
        .allMatch(SelectorRow::quick);
  }

  @Test
  void everyShapeIsUsed() {
    assertThat(SelectorTable.rows()).extracting(SelectorRow::shape).contains(Shape.values());
  }

  @Test
  void rowsOfAReceiverStandTogetherAndNoVersionIsOdd() {
    List<String> blocks = new ArrayList<>();
    for (SelectorRow row : SelectorTable.rows()) {
      if (blocks.isEmpty() || !blocks.getLast().equals(row.receiver())) {
        blocks.add(row.receiver());
      }
      assertThat(row.since()).as(row.toString()).isIn(13, 14, 15, 26);
    }
    assertThat(blocks).doesNotHaveDuplicates();
  }

  @Test
  void badLinesAreRefused() {
    for (String line :
        List.of(
            "A\t-b\t-\tid\t-\t13",
            "A\t-b\t-\tid\tmaybe\t13\t-",
            "A\t-b:\tdouble\tid\t-\t13\t-",
            "A\t-b:c:\tsize,bool\tid\t-\t13\t-",
            "A\t-b\t-\tid\t-\tlater\t-")) {
      assertThatThrownBy(() -> SelectorRow.parse(line))
          .as(line)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
