package dev.diecast.plans.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;

/** The metadata of a well-formed GGUF that fits in memory, for tests of tokenizers alone. */
final class VocabFile {
  private final ByteBuffer in;

  private VocabFile(ByteBuffer in) {
    this.in = in;
  }

  static Metadata metadata(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    in.position(16);
    var reader = new VocabFile(in);
    var values = new LinkedHashMap<String, MetaValue>();
    for (long left = in.getLong(); left > 0; left--) {
      String key = reader.text();
      values.put(key, reader.value(reader.type()));
    }
    return new Metadata(file.getFileName().toString(), values);
  }

  private MetaValue.Type type() {
    int id = in.getInt();
    return Arrays.stream(MetaValue.Type.values()).filter(t -> t.id() == id).findAny().orElseThrow();
  }

  private String text() {
    var bytes = new byte[Math.toIntExact(in.getLong())];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }

  private MetaValue value(MetaValue.Type type) {
    return switch (type) {
      case STRING -> new MetaValue.Text(text());
      case BOOL -> new MetaValue.Bool(in.get() != 0);
      case FLOAT32, FLOAT64 -> new MetaValue.Real(type, real(type));
      case ARRAY -> array(type(), Math.toIntExact(in.getLong()));
      default -> new MetaValue.Int(type, integer(type));
    };
  }

  private MetaValue array(MetaValue.Type element, int count) {
    if (element == MetaValue.Type.STRING) {
      var texts = new ArrayList<String>(count);
      for (int i = 0; i < count; i++) {
        texts.add(text());
      }
      return new MetaValue.Texts(texts);
    }
    if (element == MetaValue.Type.FLOAT32) {
      var reals = new double[count];
      for (int i = 0; i < count; i++) {
        reals[i] = real(element);
      }
      return new MetaValue.Reals(element, reals);
    }
    var ints = new long[count];
    for (int i = 0; i < count; i++) {
      ints[i] = integer(element);
    }
    return new MetaValue.Ints(element, ints);
  }

  private double real(MetaValue.Type type) {
    return type == MetaValue.Type.FLOAT32 ? in.getFloat() : in.getDouble();
  }

  private long integer(MetaValue.Type type) {
    return switch (type.bytes()) {
      case 1 -> in.get();
      case 2 -> in.getShort();
      case 4 -> in.getInt();
      default -> in.getLong();
    };
  }
}
