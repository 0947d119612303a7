package dev.diecast.bindings.objc;

import java.nio.file.Path;

/** Files as URLs. */
public final class NsUrl {
  private static final Message OF_FILE = Message.of("NSURL", "+fileURLWithPath:");

  private NsUrl() {}

  /** An {@code NSURL} of the absolute path; it belongs to the caller's autorelease pool. */
  public static long of(Path file) {
    long path = NsString.of(file.toAbsolutePath().toString());
    return OF_FILE.notNil(OF_FILE.word(ObjcClass.named("NSURL"), path));
  }
}
