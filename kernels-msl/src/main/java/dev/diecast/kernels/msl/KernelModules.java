package dev.diecast.kernels.msl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The kernel families among this module's resources, each read and parsed once. */
public final class KernelModules {
  private static final Map<String, Parsed> ALL = new ConcurrentHashMap<>();

  private KernelModules() {}

  /**
   * A family.
   *
   * @param source its text, headers inlined
   * @param module what the text declares
   * @param hash lower-case hex SHA-256 of the text
   */
  public record Parsed(MslSource source, MslModule module, String hash) {}

  /** The family in that file, such as {@code "gemv.metal"}. */
  public static Parsed of(String resource) {
    return ALL.computeIfAbsent(resource, KernelModules::parse);
  }

  private static Parsed parse(String resource) {
    try {
      MslSource source = MslSource.ofResource(resource);
      return new Parsed(source, MslModule.parse(source), sha256(source.text()));
    } catch (IOException e) {
      throw new UncheckedIOException("the kernels of " + resource + " are missing", e);
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
