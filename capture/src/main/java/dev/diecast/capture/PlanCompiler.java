package dev.diecast.capture;

import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.GgufWeights;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.capture.lower.DeviceProfile;
import dev.diecast.capture.lower.Lowering;
import dev.diecast.capture.lower.Lowering.Lowered;
import dev.diecast.capture.passes.Passes;
import dev.diecast.capture.tuning.Tuning;
import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorType;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Compiles a model into a plan. The same model and options give the same plan. */
public final class PlanCompiler {
  private static final String PRODUCER = "diecast 0.1.0";
  // 1 direct, 2 icb, 3 mtl4.
  private static final int MOST_ENCODER = 3;

  private PlanCompiler() {}

  /**
   * Traces and compiles a model. A GGUF file also gives the few tensors that shape the trace; for a
   * known shape they read as 1.
   *
   * @param source the model's metadata and tensor table
   * @param options what to compile for
   * @throws PlanException when the model or the options cannot be compiled; the message says where
   */
  public static Plan compile(ModelSource source, CompileOptions options) {
    WeightReader reader =
        source instanceof GgufFile file ? new GgufWeights(file) : WeightReader.ONES;
    return compile(Architectures.of(source).trace(source, reader), source, options);
  }

  /**
   * Compiles a traced graph.
   *
   * @param graph the trace of one decode step
   * @param source the model that was traced
   * @param options what to compile for
   * @throws PlanException when the graph, the model or the options cannot be lowered; the message
   *     says where
   */
  public static Plan compile(Graph graph, ModelSource source, CompileOptions options) {
    DeviceProfile device =
        DeviceProfile.of(options.device()).withDecodeSplits(options.attentionSplits());
    int capacity = capacity(source, options);
    Passes.Result rewritten = Passes.run(graph, options.passes());
    int prefill = Math.min(options.prefillTokens(), capacity);
    Tuning tuning = new Tuning(measurements(options), device.name());
    Lowered lowered = lower(rewritten.graph(), source, device, tuning, capacity, prefill);
    if (device.name().equals("metal")) {
      recordEncoder(tuning, lowered);
    }
    return new Plan(
        PRODUCER,
        model(graph, source, capacity, lowered.tensors()),
        device.name(),
        lowered.kernels(),
        lowered.buffers(),
        lowered.tensors(),
        lowered.programs(),
        tuning.taken(),
        rewritten.reports());
  }

  /** A number of splits that was asked for outweighs any measurement. */
  private static TuningDatabase measurements(CompileOptions options) {
    return options.attentionSplits() == 0 ? options.tuning() : TuningDatabase.EMPTY;
  }

  /** Replay takes the encoder from the plan's tuning choices, where somebody measured one. */
  private static void recordEncoder(Tuning tuning, Lowered lowered) {
    int dispatches =
        lowered.programs().stream()
            .filter(program -> program.name().equals(Program.DECODE))
            .mapToInt(program -> program.dispatches().size())
            .sum();
    tuning.choose("encoder", "dispatches=" + dispatches, "encoder", 0, 1, MOST_ENCODER);
  }

  private static Lowered lower(
      Graph graph,
      ModelSource source,
      DeviceProfile device,
      Tuning tuning,
      int capacity,
      int prefill) {
    try {
      return Lowering.lower(graph, source, device, tuning, capacity, prefill);
    } catch (ArithmeticException e) {
      throw new PlanException(source.location() + ": the model's sizes overflow", e);
    }
  }

  private static int capacity(ModelSource source, CompileOptions options) {
    if (options.context() > 0) {
      return Math.toIntExact(options.context());
    }
    Metadata metadata = source.metadata();
    String key = metadata.text("general.architecture") + ".context_length";
    long own = metadata.integer(key, CompileOptions.DEFAULT_CONTEXT);
    if (own < 1) {
      throw new PlanException(source.location() + ": metadata '" + key + "' is " + own);
    }
    return Math.toIntExact(Math.min(own, CompileOptions.DEFAULT_CONTEXT));
  }

  private static ModelRef model(
      Graph graph, ModelSource source, int capacity, List<PlanTensor> tensors) {
    Metadata metadata = source.metadata();
    String architecture = metadata.text("general.architecture");
    long layers = graph.nodes().stream().mapToLong(node -> node.layer() + 1L).max().orElse(0);
    return new ModelRef(
        architecture,
        metadata.text("general.name", architecture),
        source.fingerprint(),
        graph.logits().elements(),
        layers,
        metadata.integer(architecture + ".embedding_length", 0),
        capacity,
        prevailingType(tensors),
        source.fileBytes());
  }

  /** The type that most weight bytes have. */
  private static String prevailingType(List<PlanTensor> tensors) {
    Map<TensorType, Long> bytes = new EnumMap<>(TensorType.class);
    tensors.forEach(tensor -> bytes.merge(tensor.type(), tensor.bytes(), Long::sum));
    return bytes.entrySet().stream()
        .max(Comparator.comparingLong(Map.Entry<TensorType, Long>::getValue))
        .map(entry -> entry.getKey().suffix())
        .orElse("");
  }
}
