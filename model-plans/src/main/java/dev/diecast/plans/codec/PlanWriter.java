package dev.diecast.plans.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.Program;
import dev.diecast.plans.proto.AccessKind;
import dev.diecast.plans.proto.ArenaValue;
import dev.diecast.plans.proto.BindingSpec;
import dev.diecast.plans.proto.BufferKind;
import dev.diecast.plans.proto.BufferSpec;
import dev.diecast.plans.proto.DispatchSpec;
import dev.diecast.plans.proto.ExpertIndex;
import dev.diecast.plans.proto.FunctionConstant;
import dev.diecast.plans.proto.PassReport;
import dev.diecast.plans.proto.PlanFile;
import dev.diecast.plans.proto.ProgramSpec;
import dev.diecast.plans.proto.TargetSpec;
import dev.diecast.plans.proto.TensorSpec;
import dev.diecast.plans.proto.TuningChoice;
import java.util.HexFormat;

/** Records to protobuf messages. */
public final class PlanWriter {
  private PlanWriter() {}

  /** The bytes of a plan file. Equal plans give equal bytes. */
  public static byte[] write(Plan plan) {
    PlanFile.Builder file =
        PlanFile.newBuilder()
            .setMagic(PlanFormat.MAGIC)
            .setFormatVersion(PlanFormat.VERSION)
            .setProducer(plan.producer())
            .setModel(model(plan.model()))
            .setTarget(TargetSpec.newBuilder().setDevice(plan.device()));
    plan.kernels().forEach(kernel -> file.addKernels(kernel(kernel)));
    plan.buffers().forEach(buffer -> file.addBuffers(buffer(buffer)));
    plan.tensors().forEach(tensor -> file.addTensors(tensor(tensor)));
    plan.programs().forEach(program -> file.addPrograms(program(program)));
    plan.tuning()
        .forEach(choice ->
            file.addTuning(
                TuningChoice.newBuilder().setKey(choice.key()).setValue(choice.value())));
    plan.passes()
        .forEach(pass ->
            file.addPasses(
                PassReport.newBuilder()
                    .setName(pass.name())
                    .setChanges(pass.changes())
                    .setSummary(pass.summary())));
    return PlanFormat.sealed(file.build().toByteArray());
  }

  private static dev.diecast.plans.proto.ModelRef model(ModelRef model) {
    return dev.diecast.plans.proto.ModelRef.newBuilder()
        .setArchitecture(model.architecture())
        .setName(model.name())
        .setFingerprint(hex("model fingerprint", model.fingerprint()))
        .setVocab(model.vocab())
        .setLayers(model.layers())
        .setEmbedding(model.embedding())
        .setContext(model.context())
        .setWeightType(model.weightType())
        .addAllFileBytes(model.fileBytes())
        .build();
  }

  private static dev.diecast.plans.proto.KernelUse kernel(KernelUse kernel) {
    dev.diecast.plans.proto.KernelUse.Builder out =
        dev.diecast.plans.proto.KernelUse.newBuilder()
            .setName(kernel.name())
            .setSourceHash(hex("source hash of kernel " + kernel.name(), kernel.sourceHash()))
            .setThreadgroupBytes(kernel.threadgroupBytes());
    for (KernelUse.Constant constant : kernel.constants()) {
      out.addConstants(
          FunctionConstant.newBuilder().setName(constant.name()).setValue(constant.value()));
    }
    return out.build();
  }

  private static BufferSpec buffer(PlanBuffer buffer) {
    BufferSpec.Builder out =
        BufferSpec.newBuilder().setName(buffer.name()).setBytes(buffer.bytes());
    switch (buffer) {
      case PlanBuffer.Weights w ->
          out.setKind(BufferKind.WEIGHTS).setFileIndex(w.fileIndex()).setFileOffset(w.fileOffset());
      case PlanBuffer.Constants c ->
          out.setKind(BufferKind.CONSTANTS)
              .setContents(UnsafeByteOperations.unsafeWrap(c.contents()));
      case PlanBuffer.Kv k -> out.setKind(BufferKind.KV);
      case PlanBuffer.Arena a -> out.setKind(BufferKind.ARENA);
      case PlanBuffer.State s -> out.setKind(BufferKind.STATE);
      case PlanBuffer.Io i -> out.setKind(BufferKind.IO);
      case PlanBuffer.Tickets t -> out.setKind(BufferKind.TICKETS);
    }
    return out.build();
  }

  private static TensorSpec tensor(PlanTensor tensor) {
    return TensorSpec.newBuilder()
        .setName(tensor.name())
        .setType(tensor.type().suffix())
        .addAllShape(tensor.shape())
        .setBuffer(tensor.buffer())
        .setOffset(tensor.offset())
        .setBytes(tensor.bytes())
        .build();
  }

  private static ProgramSpec program(Program program) {
    ProgramSpec.Builder out =
        ProgramSpec.newBuilder()
            .setName(program.name())
            .setTokens(program.tokens())
            .setArenaLowerBoundBytes(program.arenaLowerBoundBytes())
            .setArenaNaiveBytes(program.arenaNaiveBytes());
    program.dispatches().forEach(dispatch -> out.addDispatches(dispatch(dispatch)));
    for (Program.ArenaValue value : program.arenaValues()) {
      out.addArenaValues(
          ArenaValue.newBuilder()
              .setLabel(value.label())
              .setOffset(value.offset())
              .setBytes(value.bytes())
              .setFirstDispatch(value.firstDispatch())
              .setLastDispatch(value.lastDispatch()));
    }
    return out.build();
  }

  private static DispatchSpec dispatch(Dispatch dispatch) {
    DispatchSpec.Builder out =
        DispatchSpec.newBuilder()
            .setKernel(dispatch.kernel())
            .setLabel(dispatch.label())
            .setLayer(dispatch.layer())
            .setArgs(UnsafeByteOperations.unsafeWrap(dispatch.args()))
            .setBarrierBefore(dispatch.barrierBefore())
            .addAllSourceOps(dispatch.sourceOps())
            .setWeightBytes(dispatch.weightBytes())
            .setActivationBytes(dispatch.activationBytes())
            .setFlops(dispatch.flops());
    Dispatch.Extent grid = dispatch.grid();
    out.addGrid(grid.x()).addGrid(grid.y()).addGrid(grid.z());
    Dispatch.Extent threads = dispatch.threadgroup();
    out.addThreadgroup(threads.x()).addThreadgroup(threads.y()).addThreadgroup(threads.z());
    dispatch.bindings().forEach(binding -> out.addBindings(binding(binding)));
    return out.build();
  }

  private static BindingSpec binding(Dispatch.Binding binding) {
    BindingSpec.Builder out =
        BindingSpec.newBuilder()
            .setSlot(binding.slot())
            .setBuffer(binding.buffer())
            .setOffset(binding.offset())
            .setBytes(binding.bytes())
            .setAccess(
                switch (binding.access()) {
                  case READ -> AccessKind.READ;
                  case WRITE -> AccessKind.WRITE;
                  case READ_WRITE -> AccessKind.READ_WRITE;
                });
    Dispatch.ExpertIndex expert = binding.expert();
    if (expert != null) {
      out.setExpert(
          ExpertIndex.newBuilder()
              .setIdsSlot(expert.idsSlot())
              .setCount(expert.count())
              .setStride(expert.stride())
              .setBytes(expert.bytes()));
    }
    return out.build();
  }

  private static ByteString hex(String what, String text) {
    try {
      return UnsafeByteOperations.unsafeWrap(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      throw new PlanException(what + " is not hexadecimal: '" + text + "'", e);
    }
  }
}
