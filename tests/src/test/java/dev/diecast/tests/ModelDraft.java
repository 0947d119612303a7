package dev.diecast.tests;

import dev.diecast.plans.gguf.BlockEncoder;
import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.GgufWriter;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A small model in the making: metadata and seeded random tensors, each of a type that its rows
 * fit.
 */
final class ModelDraft {
  private static final List<TensorType> MATRIX_TYPES =
      List.of(
          TensorType.F32,
          TensorType.F16,
          TensorType.BF16,
          TensorType.Q8_0,
          TensorType.Q4_0,
          TensorType.Q4_1,
          TensorType.Q5_0,
          TensorType.Q5_1,
          TensorType.Q4_K,
          TensorType.Q5_K,
          TensorType.Q6_K);

  // As GGUF's llama_token_type has them.
  private static final long NORMAL_TOKEN = 1;
  private static final long CONTROL_TOKEN = 3;

  private record Tensor(GgufLayout.Spec spec, double mean, double deviation, long seed) {}

  private final String architecture;
  private final List<TensorType> types;
  private final RandomGenerator random;
  private final Map<String, MetaValue> metadata = new LinkedHashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();

  /** A draft whose matrices take their types at random from {@code types}. */
  ModelDraft(String architecture, List<TensorType> types, RandomGenerator random) {
    this.architecture = architecture;
    this.types = types;
    this.random = random;
    metadata.put("general.architecture", new MetaValue.Text(architecture));
    metadata.put("general.name", new MetaValue.Text("random " + architecture));
  }

  /** All types that kernels exist for. */
  static List<TensorType> allTypes() {
    return MATRIX_TYPES;
  }

  RandomGenerator random() {
    return random;
  }

  /** A whole number between the bounds, both included. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  boolean coin() {
    return random.nextBoolean();
  }

  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** An integer under the architecture's prefix. */
  void key(String key, long value) {
    metadata.put(architecture + "." + key, new MetaValue.Int(MetaValue.Type.UINT32, value));
  }

  /** A real number under the architecture's prefix. */
  void key(String key, double value) {
    metadata.put(architecture + "." + key, new MetaValue.Real(MetaValue.Type.FLOAT32, value));
  }

  /** A flag under the architecture's prefix. */
  void key(String key, boolean value) {
    metadata.put(architecture + "." + key, new MetaValue.Bool(value));
  }

  /** A text under the architecture's prefix. */
  void key(String key, String value) {
    metadata.put(architecture + "." + key, new MetaValue.Text(value));
  }

  /** A tokenizer whose tokens are words of two letters and the last of which ends a text. */
  void vocabulary(int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add("" + (char) ('A' + i / 26) + (char) ('a' + i % 26));
    }
    long[] kinds = new long[count];
    Arrays.fill(kinds, NORMAL_TOKEN);
    kinds[count - 1] = CONTROL_TOKEN;
    metadata.put("tokenizer.ggml.model", new MetaValue.Text("gpt2"));
    metadata.put("tokenizer.ggml.pre", new MetaValue.Text("gpt-2"));
    metadata.put("tokenizer.ggml.tokens", new MetaValue.Texts(words));
    metadata.put("tokenizer.ggml.token_type", new MetaValue.Ints(MetaValue.Type.INT32, kinds));
    metadata.put("tokenizer.ggml.merges", new MetaValue.Texts(List.of()));
    metadata.put(
        "tokenizer.ggml.eos_token_id", new MetaValue.Int(MetaValue.Type.UINT32, count - 1L));
  }

  /** A matrix (row length first, then rows, then matrices) with variance gain^2 / row length. */
  void matrix(String name, double gain, long... shape) {
    tensors.add(
        new Tensor(
            GgufLayout.Spec.of(name, typeFor(shape[0]), shape),
            0,
            gain / Math.sqrt((double) shape[0]),
            random.nextLong()));
  }

  /** A float32 tensor of that mean and deviation: norms, biases, routers. */
  void floats(String name, double mean, double deviation, long... shape) {
    tensors.add(
        new Tensor(
            GgufLayout.Spec.of(name, TensorType.F32, shape), mean, deviation, random.nextLong()));
  }

  private TensorType typeFor(long rowLength) {
    List<TensorType> fitting =
        types.stream().filter(t -> rowLength % t.blockValues() == 0).toList();
    return fitting.isEmpty() ? TensorType.F16 : fitting.get(random.nextInt(fitting.size()));
  }

  /** Writes the model as a GGUF. */
  Path write(Path path) {
    GgufLayout layout =
        GgufLayout.of(
            new Metadata(path.toString(), metadata), tensors.stream().map(Tensor::spec).toList());
    try (Arena arena = Arena.ofShared()) {
      Map<String, MemorySegment> encoded = new HashMap<>();
      for (int i = 0; i < tensors.size(); i++) {
        encoded.put(
            tensors.get(i).spec().name(), encode(tensors.get(i), layout.tensors().get(i), arena));
      }
      GgufWriter.write(
          path,
          layout,
          (info, from, to) -> to.copyFrom(encoded.get(info.name()).asSlice(from, to.byteSize())));
    }
    return path;
  }

  private static MemorySegment encode(Tensor tensor, TensorInfo info, Arena arena) {
    int count = Math.toIntExact(info.shape().stream().reduce(1L, Math::multiplyExact));
    RandomGenerator values = RandomGeneratorFactory.of("L64X128MixRandom").create(tensor.seed());
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) (tensor.mean() + tensor.deviation() * values.nextGaussian());
    }
    MemorySegment bytes = arena.allocate(info.bytes());
    BlockEncoder.encode(info.type(), floats, 0, count, bytes, 0);
    return bytes;
  }
}
