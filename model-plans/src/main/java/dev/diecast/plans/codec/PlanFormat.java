package dev.diecast.plans.codec;

import dev.diecast.plans.PlanException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** What every plan file begins and ends with, and its limits. */
public final class PlanFormat {
  /** The version that this code reads and writes. */
  public static final int VERSION = 1;

  /** The largest file that is read: far beyond any plan, which carries no weights. */
  public static final long MAX_BYTES = 64L << 20;

  /** "DIECASTP", little-endian. */
  static final long MAGIC =
      ByteBuffer.wrap("DIECASTP".getBytes(StandardCharsets.US_ASCII))
          .order(ByteOrder.LITTLE_ENDIAN)
          .getLong();

  // The tags of magic (fixed64) and format_version (varint).
  private static final byte MAGIC_TAG = 1 << 3 | 1;
  private static final byte VERSION_TAG = 2 << 3;
  private static final int VERSION_AT = 1 + Long.BYTES;

  // The tag of checksum (fixed32), a varint of two bytes read as a little-endian short.
  private static final short CHECKSUM_TAG = 0x7ffd;
  private static final int SEAL_BYTES = Short.BYTES + Integer.BYTES;

  private PlanFormat() {}

  /**
   * Checks the magic and the version before anything else is looked at, so that another kind of
   * file, or a newer plan, is called what it is.
   */
  static void checkStart(String where, byte[] bytes) {
    if (bytes.length < VERSION_AT
        || bytes[0] != MAGIC_TAG
        || ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(1) != MAGIC) {
      throw new PlanException(where + ": not a Diecast plan");
    }
    if (bytes.length < VERSION_AT + 2 || bytes[VERSION_AT] != VERSION_TAG) {
      throw new PlanException(where + ": damaged plan: the format version is missing");
    }
    if (bytes[VERSION_AT + 1] != VERSION) {
      throw new PlanException(
          where
              + ": plan format version "
              + version(bytes)
              + " is unknown; this program reads version "
              + VERSION
              + ": compile the model again");
    }
  }

  /** The bytes with their checksum behind them. */
  public static byte[] sealed(byte[] bytes) {
    return ByteBuffer.allocate(bytes.length + SEAL_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(bytes)
        .putShort(CHECKSUM_TAG)
        .putInt(checksum(bytes, bytes.length))
        .array();
  }

  /** Checks the checksum, without which a file cut between two parts would pass for whole. */
  static void checkEnd(String where, byte[] bytes) {
    int end = bytes.length - SEAL_BYTES;
    ByteBuffer seal = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (end < 0 || seal.getShort(end) != CHECKSUM_TAG) {
      throw new PlanException(where + ": damaged plan: it is cut short, its checksum is missing");
    }
    if (seal.getInt(end + Short.BYTES) != checksum(bytes, end)) {
      throw new PlanException(where + ": damaged plan: its checksum does not match");
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static long version(byte[] bytes) {
    long version = 0;
    int shift = 0;
    for (int i = VERSION_AT + 1; i < bytes.length && shift < Integer.SIZE; i++, shift += 7) {
      version |= (bytes[i] & 0x7fL) << shift;
      if (bytes[i] >= 0) {
        break;
      }
    }
    return version;
  }
}
