package dev.diecast.plans.gguf;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The identity of a model: SHA-256 over its metadata, encoded as GGUF version 3 in file order, and
 * the name, type, shape, part and absolute offset of every tensor.
 */
public final class Fingerprint {
  private Fingerprint() {}

  /** The lower-case hex digest. */
  public static String of(Metadata metadata, List<TensorInfo> tensors) {
    MessageDigest digest = sha256();
    HeaderOutput output = new HeaderOutput(digest::update);
    output.start(tensors.size(), metadata.entries());
    for (TensorInfo tensor : tensors) {
      output.tensor(tensor.name(), tensor.type(), tensor.shape(), tensor.fileOffset());
      output.u32(tensor.fileIndex());
    }
    output.flush();
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
