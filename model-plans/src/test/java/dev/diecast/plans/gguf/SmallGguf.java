package dev.diecast.plans.gguf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds small GGUF files for tests. Byte i of every tensor is i modulo 251. */
final class SmallGguf {
  private final Map<String, MetaValue> metadata = new LinkedHashMap<>();
  private final List<GgufLayout.Spec> specs;

  private SmallGguf(List<GgufLayout.Spec> specs) {
    this.specs = specs;
  }

  static SmallGguf of(GgufLayout.Spec... specs) {
    return new SmallGguf(List.of(specs));
  }

  /** One value of every metadata type, and tensors of several types and shapes. */
  static SmallGguf full() {
    return of(
            GgufLayout.Spec.of("a", TensorType.F32, 5),
            GgufLayout.Spec.of("b", TensorType.Q4_0, 64, 3),
            GgufLayout.Spec.of("c", TensorType.Q6_K, 256, 2, 2),
            GgufLayout.Spec.of("d", TensorType.IQ2_XXS, 256, 1, 1, 2))
        .with("general.architecture", new MetaValue.Text("llama"))
        .with("u8", new MetaValue.Int(MetaValue.Type.UINT8, 255))
        .with("i8", new MetaValue.Int(MetaValue.Type.INT8, -128))
        .with("u16", new MetaValue.Int(MetaValue.Type.UINT16, 65_535))
        .with("i16", new MetaValue.Int(MetaValue.Type.INT16, -32_768))
        .with("u32", new MetaValue.Int(MetaValue.Type.UINT32, 0xffffffffL))
        .with("i32", new MetaValue.Int(MetaValue.Type.INT32, Integer.MIN_VALUE))
        .with("u64", new MetaValue.Int(MetaValue.Type.UINT64, Long.MAX_VALUE))
        .with("i64", new MetaValue.Int(MetaValue.Type.INT64, Long.MIN_VALUE))
        .with("f32", new MetaValue.Real(MetaValue.Type.FLOAT32, 1e-5f))
        .with("f64", new MetaValue.Real(MetaValue.Type.FLOAT64, Math.PI))
        .with("bool", new MetaValue.Bool(true))
        .with("text", new MetaValue.Text("Grüße \uFFFD \uD83D\uDE00"))
        .with("ints", new MetaValue.Ints(MetaValue.Type.INT16, new long[] {-1, 0, 300}))
        .with("reals", new MetaValue.Reals(MetaValue.Type.FLOAT64, new double[] {0.5, -2}))
        .with("bools", new MetaValue.Bools(new boolean[] {true, false}))
        .with("texts", new MetaValue.Texts(List.of("", "\u0120a", "b")))
        .with(
            "nested",
            new MetaValue.Nested(
                List.of(
                    new MetaValue.Texts(List.of("x")),
                    new MetaValue.Nested(
                        List.of(new MetaValue.Ints(MetaValue.Type.UINT8, new long[] {7}))))));
  }

  SmallGguf with(String key, MetaValue value) {
    metadata.put(key, value);
    return this;
  }

  SmallGguf with(String key, long value) {
    return with(key, new MetaValue.Int(MetaValue.Type.UINT32, value));
  }

  GgufLayout layout() {
    return GgufLayout.of(new Metadata("test", metadata), specs);
  }

  Path write(Path path) {
    GgufWriter.write(
        path,
        layout(),
        (tensor, from, to) -> {
          for (long i = 0; i < to.byteSize(); i++) {
            to.set(ValueLayout.JAVA_BYTE, i, (byte) ((from + i) % 251));
          }
        });
    return path;
  }

  byte[] bytes(Path folder) {
    try {
      Path file = write(folder.resolve("bytes.gguf"));
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
