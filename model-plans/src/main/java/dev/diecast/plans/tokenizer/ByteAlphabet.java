package dev.diecast.plans.tokenizer;

import java.util.Arrays;

/**
 * GPT-2's reversible map from bytes to printable characters: the printable ones of Latin-1 stand
 * for themselves, the other 68 bytes follow from U+0100 on. Byte-level vocabularies are written in
 * this alphabet.
 */
final class ByteAlphabet {
  private static final int SHIFTED_FROM = 0x100;
  private static final char[] CHARS = new char[256];
  private static final short[] BYTES;

  static {
    int shifted = SHIFTED_FROM;
    for (int b = 0; b < 256; b++) {
      CHARS[b] = isPrintable(b) ? (char) b : (char) shifted++;
    }
    BYTES = new short[shifted];
    Arrays.fill(BYTES, (short) -1);
    for (int b = 0; b < 256; b++) {
      BYTES[CHARS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  private static boolean isPrintable(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
  }

  /** The character of a byte (0..255). */
  static char toChar(int b) {
    return CHARS[b];
  }

  /** The byte (0..255) of a character, or -1 when it is not of the alphabet. */
  static int toByte(int character) {
    return character < BYTES.length ? BYTES[character] : -1;
  }

  /** Bytes, written in the alphabet. */
  static String write(byte[] bytes) {
    char[] chars = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      chars[i] = CHARS[bytes[i] & 0xFF];
    }
    return new String(chars);
  }
}
