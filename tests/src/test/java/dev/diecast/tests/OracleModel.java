package dev.diecast.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A small model with random weights and what it must answer.
 *
 * @param name for example {@code glmflash.q4_0}
 * @param gguf the model file
 * @param golden the folder of its answers
 */
public record OracleModel(String name, Path gguf, Path golden) {
  /** The prompt. */
  public int[] prompt() {
    return ints("tokens");
  }

  /** What greedy decoding appends to the prompt. */
  public int[] greedy() {
    return ints("greedy");
  }

  /** Prompt and greedy tokens: what to feed for all reference rows. */
  public int[] tokens() {
    int[] prompt = prompt();
    int[] greedy = greedy();
    int[] all = new int[prompt.length + greedy.length];
    System.arraycopy(prompt, 0, all, 0, prompt.length);
    System.arraycopy(greedy, 0, all, prompt.length, greedy.length);
    return all;
  }

  /** By how much the best logit beats the next, for each greedy token. */
  public double[] greedyGaps() {
    return elements("greedy_top1_top2_gap").mapToDouble(JsonNode::asDouble).toArray();
  }

  /** Logits per row. */
  public int vocab() {
    return json().get("n_vocab").asInt();
  }

  /** The float64 reference, rounded to float32: one row of logits for each of {@link #tokens()}. */
  public float[][] reference() {
    FloatBuffer values =
        ByteBuffer.wrap(read(golden.resolve(name + ".ref64.f32")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[][] rows = new float[tokens().length][vocab()];
    for (float[] row : rows) {
      values.get(row);
    }
    return rows;
  }

  /** The relative L2 distance of a row of logits from the reference. */
  public static double relativeError(double[] logits, float[] reference) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < reference.length; i++) {
      double d = logits[i] - reference[i];
      difference += d * d;
      norm += (double) reference[i] * reference[i];
    }
    return Math.sqrt(difference / norm);
  }

  @Override
  public String toString() {
    return name;
  }

  private int[] ints(String key) {
    return elements(key).mapToInt(JsonNode::asInt).toArray();
  }

  private Stream<JsonNode> elements(String key) {
    return StreamSupport.stream(json().get(key).spliterator(), false);
  }

  private JsonNode json() {
    return new ObjectMapper().readTree(read(golden.resolve(name + ".json")));
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
