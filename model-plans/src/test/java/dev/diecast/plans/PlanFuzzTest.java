package dev.diecast.plans;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.diecast.plans.codec.PlanFormat;
import dev.diecast.plans.proto.PlanFile;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes, reading and verifying a plan ends in a plan or in a {@link PlanException}.
 */
class PlanFuzzTest {
  private static final byte[] SMALL = PlanCodec.encode(SmallPlan.build());
  private static final int SEAL_BYTES = 6;

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    15,
    16,
    31,
    64,
    255,
    1088,
    4096,
    1L << 31,
    (1L << 32) - 1,
    1L << 32,
    1L << 62,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 15,
    Long.MIN_VALUE
  };

  @Test
  void survivesDamagedBytes() {
    Random random = new Random(20);
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] body = Arrays.copyOf(SMALL, SMALL.length - SEAL_BYTES);
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        body = damaged(body, random);
      }
      refused += refuses(PlanFormat.sealed(body)) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(3_500);
  }

  /** Edits of whole fields get past the decoder, down to the verifier. */
  @ParameterizedTest
  @MethodSource("plans")
  void survivesDamagedFields(Plan plan) throws Exception {
    Random random = new Random(21);
    byte[] sound = PlanCodec.encode(plan);
    PlanFile small = PlanFile.parseFrom(sound).toBuilder().clearChecksum().build();
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      PlanFile.Builder file = small.toBuilder();
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        damage(file, random);
      }
      file.setMagic(small.getMagic()).setFormatVersion(1).clearChecksum();
      refused += refuses(PlanFormat.sealed(file.build().toByteArray())) ? 1 : 0;
    }
    assertThat(refused).isBetween(2_500, 4_950);
  }

  static List<Plan> plans() {
    return List.of(SmallPlan.build(), FusedPlan.build());
  }

  private static boolean refuses(byte[] bytes) {
    try {
      PlanVerifier.check("fuzzed", PlanCodec.decode("fuzzed", bytes));
      return false;
    } catch (PlanException e) {
      assertThat(e.getMessage()).startsWith("fuzzed: ");
      return true;
    }
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    int at = 11 + random.nextInt(bytes.length - 11);
    byte[] out = bytes.clone();
    switch (random.nextInt(5)) {
      case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> out[at] = (byte) random.nextInt(256);
      case 2 -> out[at] = (byte) (random.nextBoolean() ? 0xff : 0);
      case 3 -> out = Arrays.copyOf(bytes, at + 1);
      default -> {
        // Some bytes are taken out, or come twice.
        int length = random.nextInt(Math.min(64, bytes.length - at));
        boolean twice = random.nextBoolean();
        out = Arrays.copyOf(bytes, bytes.length + (twice ? length : -length));
        int from = twice ? at : at + length;
        System.arraycopy(bytes, from, out, twice ? at + length : at, bytes.length - from);
      }
    }
    return out;
  }

  private static void damage(Message.Builder message, Random random) {
    List<FieldDescriptor> set = List.copyOf(message.getAllFields().keySet());
    List<FieldDescriptor> all = message.getDescriptorForType().getFields();
    List<FieldDescriptor> fields = set.isEmpty() || random.nextInt(8) == 0 ? all : set;
    FieldDescriptor field = fields.get(random.nextInt(fields.size()));
    if (field.isRepeated()) {
      repeated(message, field, random);
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      damage(message.getFieldBuilder(field), random);
    } else {
      message.setField(field, other(field, message.getField(field), random));
    }
  }

  private static void repeated(Message.Builder message, FieldDescriptor field, Random random) {
    int count = message.getRepeatedFieldCount(field);
    if (count == 0) {
      return;
    }
    int index = random.nextInt(count);
    Object element = message.getRepeatedField(field, index);
    int what = random.nextInt(10);
    if (what == 0) {
      message.addRepeatedField(field, element);
    } else if (what == 1) {
      message.setRepeatedField(
          field, index, message.getRepeatedField(field, random.nextInt(count)));
    } else if (what == 2) {
      List<?> before = List.copyOf((List<?>) message.getField(field));
      message.clearField(field);
      for (int i = 0; i < count; i++) {
        if (i != index) {
          message.addRepeatedField(field, before.get(i));
        }
      }
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      damage(message.getRepeatedFieldBuilder(field, index), random);
    } else {
      message.setRepeatedField(field, index, other(field, element, random));
    }
  }

  private static Object other(FieldDescriptor field, Object value, Random random) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> !(Boolean) value;
      case INT -> (int) number(((Number) value).longValue(), random);
      case LONG -> number(((Number) value).longValue(), random);
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(8));
      case STRING -> random.nextBoolean() ? "" : value + "x";
      case BYTE_STRING -> {
        ByteString bytes = (ByteString) value;
        yield bytes.isEmpty()
            ? ByteString.copyFromUtf8("x")
            : random.nextBoolean() ? bytes.substring(1) : withOther(bytes, random);
      }
      default -> value;
    };
  }

  /** Four bytes, an argument perhaps, are another number. */
  private static ByteString withOther(ByteString bytes, Random random) {
    byte[] out = bytes.toByteArray();
    int at = random.nextInt(out.length) / Integer.BYTES * Integer.BYTES;
    int number = (int) number(0, random);
    for (int i = at; i < Math.min(out.length, at + Integer.BYTES); i++) {
      out[i] = (byte) (number >> (8 * (i - at)));
    }
    return ByteString.copyFrom(out);
  }

  private static long number(long value, Random random) {
    return random.nextBoolean()
        ? NUMBERS[random.nextInt(NUMBERS.length)]
        : value + random.nextInt(129) - 64;
  }
}
