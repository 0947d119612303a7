package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.ObjcClass;

/** {@code MTLComputePassDescriptor}: an encoder that samples counters where it begins and ends. */
public final class ComputePassDescriptor {
  private static final String PASS = "MTLComputePassDescriptor";
  private static final String ATTACHMENTS_CLASS =
      "MTLComputePassSampleBufferAttachmentDescriptorArray";
  private static final String ATTACHMENT_CLASS = "MTLComputePassSampleBufferAttachmentDescriptor";
  private static final Conformance CONFORMANCE = Conformance.to(PASS);
  private static final Conformance ARRAY_CONFORMANCE = Conformance.to(ATTACHMENTS_CLASS);
  private static final Conformance ATTACHMENT_CONFORMANCE = Conformance.to(ATTACHMENT_CLASS);
  private static final Message NEW = Message.of(PASS, "+computePassDescriptor");
  private static final Message SET_DISPATCH_TYPE = Message.of(PASS, "-setDispatchType:");
  private static final Message ATTACHMENTS = Message.of(PASS, "-sampleBufferAttachments");
  private static final Message AT = Message.of(ATTACHMENTS_CLASS, "-objectAtIndexedSubscript:");
  private static final Message SET_BUFFER = Message.of(ATTACHMENT_CLASS, "-setSampleBuffer:");
  private static final Message SET_START =
      Message.of(ATTACHMENT_CLASS, "-setStartOfEncoderSampleIndex:");
  private static final Message SET_END =
      Message.of(ATTACHMENT_CLASS, "-setEndOfEncoderSampleIndex:");

  private ComputePassDescriptor() {}

  /**
   * A descriptor for {@link CommandBuffer#computeEncoder(long, long)} that belongs to the caller's
   * autorelease pool.
   *
   * @param start index of the sample that is taken where the encoder begins
   * @param end index of the sample that is taken where it ends
   */
  public static long sampling(
      DispatchType type, CounterSampleBuffer samples, long start, long end) {
    long pass = CONFORMANCE.check(NEW.notNil(NEW.word(ObjcClass.named(PASS))));
    SET_DISPATCH_TYPE.send(pass, type.value());
    long attachments = ARRAY_CONFORMANCE.check(ATTACHMENTS.notNil(ATTACHMENTS.word(pass)));
    long attachment = ATTACHMENT_CONFORMANCE.check(AT.notNil(AT.word(attachments, 0L)));
    SET_BUFFER.send(attachment, samples.id());
    SET_START.send(attachment, start);
    SET_END.send(attachment, end);
    return pass;
  }
}
