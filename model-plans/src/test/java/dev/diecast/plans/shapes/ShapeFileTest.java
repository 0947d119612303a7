package dev.diecast.plans.shapes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeFileTest {
  @TempDir Path dir;

  static List<String> names() {
    return KnownShapes.names();
  }

  private static ModelSource parsed(String text) {
    return ShapeFile.read("x.shape", text.getBytes(UTF_8));
  }

  private static List<GgufLayout.Spec> specs(ModelSource model) {
    return model.tensors().stream()
        .map(tensor -> new GgufLayout.Spec(tensor.name(), tensor.type(), tensor.shape()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void holdsTensorsAndHyperParameters(String name) {
    ModelSource model = KnownShapes.find(name + ":q4_k_m");
    Path file = dir.resolve("a.shape");
    ShapeFile.write(model, "mine", file);
    ModelSource read = ShapeFile.read(file);
    assertThat(ShapeFile.is(file)).isTrue();
    assertThat(specs(read)).isEqualTo(specs(model));
    assertThat(read.metadata().text("general.name")).isEqualTo("mine");
    String architecture = model.metadata().text("general.architecture");
    model
        .metadata()
        .entries()
        .forEach((key, value) -> {
          if (key.startsWith(architecture + ".")) {
            assertThat(read.metadata().find(key)).contains(value);
          }
        });
    assertThat(ShapeText.of(read, "mine")).isEqualTo(ShapeText.of(model, "mine"));
  }

  /** Values of every kind, with the edges of their types, survive. */
  @Test
  void keepsValuesOfEveryType() {
    Map<String, MetaValue> values = new LinkedHashMap<>();
    values.put("general.architecture", new MetaValue.Text("a"));
    values.put("a.u64", new MetaValue.Int(MetaValue.Type.UINT64, -1));
    values.put("a.i8", new MetaValue.Int(MetaValue.Type.INT8, -128));
    values.put("a.i64", new MetaValue.Int(MetaValue.Type.INT64, Long.MIN_VALUE));
    values.put("a.f32", new MetaValue.Real(MetaValue.Type.FLOAT32, 1e-5f));
    values.put("a.f64", new MetaValue.Real(MetaValue.Type.FLOAT64, Double.NEGATIVE_INFINITY));
    values.put("a.flag", new MetaValue.Bool(true));
    values.put("a.odd key", new MetaValue.Text("\"quoted\" \\ \n\u4f60 end"));
    values.put("a.none", new MetaValue.Text(""));
    values.put("a.texts", new MetaValue.Texts(List.of("x y", "", "z")));
    ModelSource model =
        KnownModel.of(
            new Metadata("m", values),
            "m",
            List.of(GgufLayout.Spec.of("an odd \"name\"", TensorType.Q4_0, 32, 3)));
    ModelSource read = parsed(ShapeText.of(model, "n"));
    values.forEach((key, value) -> assertThat(read.metadata().find(key)).contains(value));
    assertThat(read.tensors().getFirst().name()).isEqualTo("an odd \"name\"");
  }

  @Test
  void keepsArraysOfNumbersAndFlags() {
    ModelSource read =
        parsed("diecast-shape 1\nmeta a int32[] 3 -1\nmeta b float32[] 0.5\nmeta c bool[] true\n");
    assertThat(read.metadata().find("a"))
        .get()
        .isInstanceOfSatisfying(
            MetaValue.Ints.class, v -> assertThat(v.values()).containsExactly(3, -1));
    assertThat(ShapeValues.text(read.metadata().find("b").orElseThrow()))
        .isEqualTo("float32[] 0.5");
    assertThat(ShapeValues.text(read.metadata().find("c").orElseThrow())).isEqualTo("bool[] true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          weights 1                         | line 2: begins with neither meta nor tensor
          meta a                            | line 2: a name, a type and values belong after meta
          meta a uint99 1                   | line 2: 'uint99' is no type of value
          meta a uint8 256                  | line 2: '256' is no uint8
          meta a int8 -129                  | line 2: '-129' is no int8
          meta a uint32 -1                  | line 2: '-1' is no uint32
          meta a uint32 1 2                 | line 2: 2 values, not 1
          meta a bool yes                   | line 2: 'yes' is neither true nor false
          meta a float32 1f                 | line 2: '1f' is no number
          meta a string "x                  | line 2, column 17: the quotes are not closed
          meta a string "x"y                | line 2, column 18: a space is missing
          meta a string "\\q"               | line 2, column 18: no such escape
          meta a string (x)                 | line 2, column 15: a word with other signs
          tensor t q9_9 32                  | line 2: 'q9_9' is no type of tensor
          tensor t q4_0 33                  | line 2: a row of 33 values is not a whole number
          tensor t f32 0                    | line 2: '0' is no extent
          tensor t f32 -4                   | line 2: '-4' is no extent
          tensor t f32 1 2 3 4 5            | line 2: a tensor has 1 to 4 extents, not 5
          tensor t f32 9223372036854775807  | line 2: a row of 9223372036854775807 values is too long
          tensor t f32 4294967296 4294967296 | line 2: the shape [4294967296, 4294967296] is too large
          meta general.alignment uint32 3   | alignment 3 is not a positive power of two
          """)
  void saysWhatIsWrongAndWhere(String line, String message) {
    assertThatThrownBy(() -> parsed("diecast-shape 1\n" + line.replace("\\\\", "\\") + "\n"))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("x.shape")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "diecast-shape 2, 'line 1: is not'",
    "'', is empty",
    "'diecast-shape 1\ntensor t f32 1\ntensor t f32 1', 'line 3: the tensor ''t'' occurs twice'",
    "'diecast-shape 1\nmeta a bool true\nmeta a bool true', 'line 3: the key ''a'' occurs twice'",
    "'diecast-shape 1\ntensor a f32 2000000000000000000\ntensor b f32 2000000000000000000', sizes overflow"
  })
  void saysWhatIsWrongWithTheWhole(String text, String message) {
    assertThatThrownBy(() -> parsed(text))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(message);
  }

  /** Spoiled files are read or refused, never worse. */
  @Test
  void survivesRandomDamage() {
    byte[] good = ShapeText.of(KnownShapes.find("qwen2.5-0.5b:q4_0"), "m").getBytes(UTF_8);
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        long total = ShapeFile.read("x", bad).tensors().stream().mapToLong(TensorInfo::bytes).sum();
        assertThat(total).isPositive();
      } catch (PlanException e) {
        assertThat(e).hasMessageStartingWith("x");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(500);
  }
}
