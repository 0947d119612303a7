package dev.diecast.bindings.objc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The selector table says what the wrappers send: all of it, in that shape, and nothing else. */
final class WrittenMessagesTest {
  private static final Set<String> QUESTIONS = Set.of("understoodBy", "require", "notNil");

  /** Which methods of {@link Message} send which shapes. */
  private static final Map<Shape, List<String>> METHODS =
      Map.ofEntries(
          Map.entry(Shape.VOID, List.of("send(J)V")),
          Map.entry(Shape.VOID_1, List.of("send(JJ)V")),
          Map.entry(Shape.VOID_2, List.of("send(JJJ)V")),
          Map.entry(Shape.VOID_3, List.of("send(JJJJ)V")),
          Map.entry(Shape.VOID_4, List.of("send(JJJJJ)V")),
          Map.entry(Shape.VOID_FLAG, List.of("sendFlag(JZ)V")),
          Map.entry(
              Shape.VOID_SIZES, List.of("sendSizes(JLdev/diecast/bindings/objc/DispatchSizes;)V")),
          Map.entry(Shape.WORD, List.of("word(J)J")),
          Map.entry(Shape.WORD_1, List.of("word(JJ)J")),
          Map.entry(Shape.WORD_2, List.of("word(JJJ)J")),
          Map.entry(Shape.WORD_3, List.of("word(JJJJ)J")),
          Map.entry(Shape.WORD_4, List.of("word(JJJJJ)J")),
          Map.entry(Shape.FLAG, List.of("flag(J)Z")),
          Map.entry(Shape.FLAG_1, List.of("flag(JJ)Z")),
          Map.entry(Shape.FLAG_2, List.of("flag(JJJ)Z")),
          Map.entry(Shape.REAL, List.of("real(J)D")),
          Map.entry(Shape.SIZE, List.of(struct("J"))),
          Map.entry(Shape.VERSION, List.of(struct("J"))),
          Map.entry(Shape.SIZE_AND_ALIGN_2, List.of(struct("JJJ"))));

  private static WrittenMessages written;

  @BeforeAll
  static void read() throws Exception {
    written = WrittenMessages.of(Path.of("target", "classes"));
  }

  private static String struct(String words) {
    return "struct(Ljava/lang/foreign/SegmentAllocator;"
        + words
        + ")Ljava/lang/foreign/MemorySegment;";
  }

  @Test
  void theTableListsWhatIsKeptAndNothingElse() {
    assertThat(written.messages.values()).containsExactlyInAnyOrderElementsOf(SelectorTable.rows());
  }

  @Test
  void everyMessageIsSentAndInItsShape() {
    List<WrittenMessages.Send> sends =
        written.sends.stream()
            .filter(
                send -> !QUESTIONS.contains(send.method().substring(0, send.method().indexOf('('))))
            .toList();
    assertThat(sends)
        .allSatisfy(send ->
            assertThat(METHODS.get(send.row().shape()))
                .as(send.row().toString())
                .contains(send.method()));
    assertThat(sends.stream().map(WrittenMessages.Send::row).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(SelectorTable.rows());
  }

  @Test
  void objectsOfEveryReceiverAreChecked() {
    Set<String> receivers =
        SelectorTable.rows().stream()
            .filter(row -> !row.ofClass())
            .map(SelectorRow::receiver)
            .collect(Collectors.toSet());
    assertThat(written.checked).containsAll(receivers);
    receivers.add("MTLFence"); // has no messages
    assertThat(receivers).containsAll(written.checked);
  }

  @Test
  void whatCameLaterThanItsReceiverIsAskedFor() {
    Set<SelectorRow> asked =
        written.sends.stream()
            .filter(send ->
                send.method().startsWith("understoodBy") || send.method().startsWith("require"))
            .map(WrittenMessages.Send::row)
            .collect(Collectors.toSet());
    Map<String, Integer> first =
        SelectorTable.rows().stream()
            .collect(Collectors.toMap(SelectorRow::receiver, SelectorRow::since, Math::min));
    assertThat(SelectorTable.rows())
        .filteredOn(row -> row.since() > first.getOrDefault(row.receiver(), 0))
        .isNotEmpty()
        .allMatch(asked::contains);
  }
}
