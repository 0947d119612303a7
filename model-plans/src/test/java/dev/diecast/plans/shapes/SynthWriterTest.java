package dev.diecast.plans.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.gguf.BlockDecoder;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.shapes.GroupedQueryShape.Extras;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SynthWriterTest {
  private static final Experts EXPERTS =
      new Experts(4, 2, 96, 1, Experts.Gating.SIGMOID_WITH_BIAS, 1.8);
  private static final KnownShape LATENT =
      new LatentShape(
          "small", 2, 256, 4, 64, 256, 64, 32, 64, 512, 1, EXPERTS, 1024, false, 1e-5, 1e6, 4096, 0,
          Pre.GLM4);
  private static final KnownShape DENSE =
      new GroupedQueryShape(
          "small",
          "llama",
          1,
          256,
          4,
          2,
          64,
          512,
          new Experts(0, 0, 0, 0, Experts.Gating.SOFTMAX, 1),
          1024,
          true,
          1e-5,
          5e5,
          4096,
          Pre.LLAMA_BPE,
          Extras.ROPE_FACTORS);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void weightsHaveTheDeviationOfTheirFanIn(TypeMix mix) {
    try (GgufFile file = GgufFile.open(write(LATENT, mix, 1, "m.gguf"))) {
      for (TensorInfo tensor : file.tensors()) {
        double[] values = values(file, tensor);
        if (tensor.name().endsWith("_norm.weight")) {
          assertThat(values).containsOnly(1);
        } else if (values.length > 10_000) {
          double fanIn = tensor.name().endsWith("attn_k_b.weight") ? 256 : tensor.dim(0);
          assertThat(deviation(values) * Math.sqrt(fanIn)).as(tensor.name()).isBetween(0.9, 1.1);
          assertThat(Math.abs(mean(values)) * Math.sqrt(fanIn)).as(tensor.name()).isLessThan(0.05);
        }
      }
    }
  }

  @Test
  void shapeAndFileHaveOneFingerprint() {
    ModelSource model = KnownModel.of("small:q4_k_m", LATENT, TypeMix.Q4_K_M);
    try (GgufFile file = GgufFile.open(write(LATENT, TypeMix.Q4_K_M, 1, "m.gguf"))) {
      assertThat(file.fingerprint()).isEqualTo(model.fingerprint());
      assertThat(file.tensors()).isEqualTo(model.tensors());
      assertThat(file.fileBytes()).isEqualTo(model.fileBytes());
    }
  }

  @Test
  void seedDecidesTheBytes() throws IOException {
    Path a = write(LATENT, TypeMix.Q4_0, 1, "a.gguf");
    Path b = write(LATENT, TypeMix.Q4_0, 1, "b.gguf");
    Path c = write(LATENT, TypeMix.Q4_0, 2, "c.gguf");
    assertThat(Files.mismatch(a, b)).isEqualTo(-1);
    assertThat(Files.mismatch(a, c)).isNotNegative();
  }

  @Test
  void progressEndsAtTheFileSize() {
    ModelSource model = KnownModel.of("small:f16", LATENT, TypeMix.F16);
    List<Long> seen = new ArrayList<>();
    SynthWriter.write(model, folder.resolve("m.gguf"), seen::add);
    TensorInfo last = model.tensors().getLast();
    assertThat(seen)
        .isSorted()
        .last()
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LONG)
        .isLessThanOrEqualTo(last.fileOffset() + last.bytes())
        .isGreaterThan(last.fileOffset() / 2);
  }

  /** The ends and the middle of Llama 3.2's published table. */
  @Test
  void ropeFactorsAreLlamas() {
    try (GgufFile file = GgufFile.open(write(DENSE, TypeMix.Q8_0, 1, "m.gguf"))) {
      double[] factors = values(file, file.tensor("rope_freqs.weight").orElseThrow());
      assertThat(factors).hasSize(32).isSorted();
      assertThat(factors[0]).isEqualTo(1);
      assertThat(factors[31]).isEqualTo(32);
      assertThat(factors[15]).isBetween(1.0, 3.0);
    }
  }

  private Path write(KnownShape shape, TypeMix mix, long seed, String name) {
    Path path = folder.resolve(name);
    SynthWriter.write(KnownModel.of("small", shape, mix), path, seed, bytes -> {});
    return path;
  }

  private static double[] values(GgufFile file, TensorInfo tensor) {
    int count = (int) (tensor.bytes() / tensor.type().blockBytes()) * tensor.type().blockValues();
    double[] values = new double[count];
    BlockDecoder.decode(tensor.type(), file.data(tensor), 0, count, values, 0);
    return values;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }
}
