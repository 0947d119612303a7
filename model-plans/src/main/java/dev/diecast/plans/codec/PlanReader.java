package dev.diecast.plans.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.plans.proto.BufferSpec;
import dev.diecast.plans.proto.PlanFile;
import dev.diecast.plans.proto.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Protobuf messages to records. Refuses what a record cannot say; the verifier does the rest. */
public final class PlanReader {
  private static final int MAX_DIMENSIONS = 4;

  private final String where;

  private PlanReader(String where) {
    this.where = where;
  }

  /** The plan in those bytes; {@code where} starts every error. */
  public static Plan read(String where, byte[] bytes) {
    PlanFormat.checkStart(where, bytes);
    WireScan.check(where, bytes, PlanFile.getDescriptor());
    PlanFormat.checkEnd(where, bytes);
    PlanFile file;
    try {
      file = PlanFile.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new PlanException(where + ": damaged plan: " + e.getMessage(), e);
    }
    Plan plan = new PlanReader(where).plan(file);
    if (!Arrays.equals(file.toByteArray(), bytes)) {
      throw new PlanException(where + ": damaged plan: the encoding is not canonical");
    }
    return plan;
  }

  private Plan plan(PlanFile file) {
    if (!file.hasModel()) {
      throw new PlanException(where + ": the plan names no model");
    }
    if (!file.hasTarget()) {
      throw new PlanException(where + ": the plan names no target");
    }
    List<Plan.TuningChoice> tuning = new ArrayList<>();
    file.getTuningList()
        .forEach(choice -> tuning.add(new Plan.TuningChoice(choice.getKey(), choice.getValue())));
    List<Plan.PassReport> passes = new ArrayList<>();
    file.getPassesList()
        .forEach(pass ->
            passes.add(
                new Plan.PassReport(
                    pass.getName(),
                    atLeastZero(where + ": pass " + pass.getName(), pass.getChanges()),
                    pass.getSummary())));
    ProgramReader programs = new ProgramReader(where);
    return new Plan(
        file.getProducer(),
        model(file.getModel()),
        file.getTarget().getDevice(),
        file.getKernelsList().stream().map(this::kernel).toList(),
        file.getBuffersList().stream().map(this::buffer).toList(),
        file.getTensorsList().stream().map(this::tensor).toList(),
        file.getProgramsList().stream().map(programs::program).toList(),
        tuning,
        passes);
  }

  private ModelRef model(dev.diecast.plans.proto.ModelRef model) {
    String at = where + ": model";
    for (long bytes : model.getFileBytesList()) {
      atLeastZero(at + ", file size", bytes);
    }
    return new ModelRef(
        model.getArchitecture(),
        model.getName(),
        sha256(at + ", fingerprint", model.getFingerprint()),
        atLeastZero(at + ", vocabulary", model.getVocab()),
        atLeastZero(at + ", layers", model.getLayers()),
        atLeastZero(at + ", embedding", model.getEmbedding()),
        atLeastZero(at + ", context", model.getContext()),
        model.getWeightType(),
        model.getFileBytesList());
  }

  private KernelUse kernel(dev.diecast.plans.proto.KernelUse kernel) {
    String at = where + ": kernel " + kernel.getName();
    return new KernelUse(
        kernel.getName(),
        sha256(at + ", source hash", kernel.getSourceHash()),
        kernel.getConstantsList().stream()
            .map(constant -> new KernelUse.Constant(constant.getName(), constant.getValue()))
            .toList(),
        atLeastZero(at + ", threadgroup memory", kernel.getThreadgroupBytes()));
  }

  private PlanBuffer buffer(BufferSpec buffer) {
    String at = where + ": buffer " + buffer.getName();
    String name = buffer.getName();
    long bytes = atLeastZero(at + ", size", buffer.getBytes());
    PlanBuffer read =
        switch (buffer.getKind()) {
          case WEIGHTS ->
              new PlanBuffer.Weights(
                  name,
                  (int) atLeastZero(at + ", file index", buffer.getFileIndex()),
                  atLeastZero(at + ", file offset", buffer.getFileOffset()),
                  bytes);
          case CONSTANTS -> new PlanBuffer.Constants(name, buffer.getContents().toByteArray());
          case KV -> new PlanBuffer.Kv(name, bytes);
          case ARENA -> new PlanBuffer.Arena(name, bytes);
          case STATE -> new PlanBuffer.State(name, bytes);
          case IO -> new PlanBuffer.Io(name, bytes);
          case TICKETS -> new PlanBuffer.Tickets(name, bytes);
          case UNRECOGNIZED -> throw new PlanException(at + ": unknown kind of buffer");
        };
    if (read.bytes() != bytes) {
      throw new PlanException(at + ": " + bytes + " bytes stated, " + read.bytes() + " present");
    }
    if (!(read instanceof PlanBuffer.Constants) && !buffer.getContents().isEmpty()) {
      throw new PlanException(at + ": only constants have contents");
    }
    if (!(read instanceof PlanBuffer.Weights)
        && (buffer.getFileIndex() != 0 || buffer.getFileOffset() != 0)) {
      throw new PlanException(at + ": only weights lie in a file");
    }
    return read;
  }

  private PlanTensor tensor(TensorSpec tensor) {
    String at = where + ": tensor " + tensor.getName();
    TensorType type =
        TensorType.ofSuffix(tensor.getType())
            .orElseThrow(() -> new PlanException(at + ": unknown type '" + tensor.getType() + "'"));
    if (tensor.getShapeCount() == 0 || tensor.getShapeCount() > MAX_DIMENSIONS) {
      throw new PlanException(
          at + ": " + tensor.getShapeCount() + " dimensions, not 1 to " + MAX_DIMENSIONS);
    }
    for (long extent : tensor.getShapeList()) {
      atLeastZero(at + ", shape", extent);
    }
    return new PlanTensor(
        tensor.getName(),
        type,
        tensor.getShapeList(),
        (int) atLeastZero(at + ", buffer", tensor.getBuffer()),
        atLeastZero(at + ", offset", tensor.getOffset()),
        atLeastZero(at + ", size", tensor.getBytes()));
  }

  private static String sha256(String at, ByteString hash) {
    if (!hash.isEmpty() && hash.size() != 32) {
      throw new PlanException(at + ": " + hash.size() + " bytes, not 32");
    }
    return HexFormat.of().formatHex(hash.toByteArray());
  }

  static long atLeastZero(String at, long value) {
    if (value < 0) {
      throw new PlanException(at + " is negative: " + value);
    }
    return value;
  }
}
