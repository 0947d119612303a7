package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTLIndirectCommandBuffer}: dispatches that are encoded once and run any number of times.
 * It retains nothing that its commands use, and makes nothing resident.
 *
 * @param owned its ownership
 */
public record IndirectCommandBuffer(Owned owned) implements OwnedObject {
  private static final String DESCRIPTOR_CLASS = "MTLIndirectCommandBufferDescriptor";
  private static final Conformance CONFORMANCE = Conformance.to("MTLIndirectCommandBuffer");
  private static final Conformance DESCRIPTOR = Conformance.to(DESCRIPTOR_CLASS);
  private static final Message NEW =
      Message.of("MTLDevice", "-newIndirectCommandBufferWithDescriptor:maxCommandCount:options:");
  private static final Message SET_TYPES = Message.of(DESCRIPTOR_CLASS, "-setCommandTypes:");
  private static final Message SET_INHERIT_PIPELINE =
      Message.of(DESCRIPTOR_CLASS, "-setInheritPipelineState:");
  private static final Message SET_INHERIT_BUFFERS =
      Message.of(DESCRIPTOR_CLASS, "-setInheritBuffers:");
  private static final Message SET_MAX_BUFFERS =
      Message.of(DESCRIPTOR_CLASS, "-setMaxKernelBufferBindCount:");
  private static final Message SET_MAX_THREADGROUP_MEMORY =
      Message.of(DESCRIPTOR_CLASS, "-setMaxKernelThreadgroupMemoryBindCount:");
  private static final Message SIZE = Message.of("MTLIndirectCommandBuffer", "-size");
  private static final Message RESET = Message.of("MTLIndirectCommandBuffer", "-resetWithRange:");
  private static final Message COMMAND =
      Message.of("MTLIndirectCommandBuffer", "-indirectComputeCommandAtIndex:");

  /**
   * Room for dispatches that each bring their own pipeline and buffers.
   *
   * @param maxCommands how many
   * @param maxBuffers buffer slots of each, at most 31
   * @param maxThreadgroupMemory threadgroup-memory slots of each
   * @param options a mask of {@link ResourceOption}
   */
  public static IndirectCommandBuffer create(
      MetalDevice device,
      long maxCommands,
      long maxBuffers,
      long maxThreadgroupMemory,
      long options) {
    Owned descriptor = ObjcClass.newObject(DESCRIPTOR);
    try {
      long settings = descriptor.id();
      SET_TYPES.send(settings, IndirectCommandType.CONCURRENT_DISPATCH.value());
      SET_INHERIT_PIPELINE.sendFlag(settings, false);
      SET_INHERIT_BUFFERS.sendFlag(settings, false);
      SET_MAX_BUFFERS.send(settings, maxBuffers);
      // Before macOS 14 there was no such limit to state.
      if (SET_MAX_THREADGROUP_MEMORY.understoodBy(settings)) {
        SET_MAX_THREADGROUP_MEMORY.send(settings, maxThreadgroupMemory);
      }
      long commands = NEW.notNil(NEW.word(device.id(), settings, maxCommands, options));
      return new IndirectCommandBuffer(Owned.taking(commands, CONFORMANCE));
    } finally {
      descriptor.release();
    }
  }

  /** An {@link IndirectComputeCommand} that belongs to the caller's autorelease pool. */
  public long command(long index) {
    return IndirectComputeCommand.CONFORMANCE.check(COMMAND.notNil(COMMAND.word(id(), index)));
  }

  /** Empties {@code count} commands from {@code first}. */
  public void reset(long first, long count) {
    RESET.send(id(), first, count);
  }

  /** How many commands it has room for. */
  public long size() {
    return SIZE.word(id());
  }
}
