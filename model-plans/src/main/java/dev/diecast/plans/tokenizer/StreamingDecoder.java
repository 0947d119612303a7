package dev.diecast.plans.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/**
 * Text from ids as they come. Tokens may end within a character; its bytes wait here until it is
 * whole. What can become no character is U+FFFD, exactly as when all bytes are decoded at once. For
 * one thread.
 */
public final class StreamingDecoder {
  private final Tokenizer tokenizer;
  private final boolean showsSpecial;
  private final CharsetDecoder decoder =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] pending = {};

  /**
   * A decoder at the start of a text.
   *
   * @param showsSpecial shows control tokens as their text instead of leaving them out
   */
  public StreamingDecoder(Tokenizer tokenizer, boolean showsSpecial) {
    this.tokenizer = tokenizer;
    this.showsSpecial = showsSpecial;
  }

  /**
   * Takes a token and returns the characters that are whole now, possibly none.
   *
   * @throws dev.diecast.plans.PlanException for an id outside the vocabulary
   */
  public String accept(int id) {
    if (!showsSpecial && tokenizer.isSpecial(id)) {
      return "";
    }
    return decode(tokenizer.bytes(id), false);
  }

  /** Ends the text: returns U+FFFD for what is still incomplete. A new text may follow. */
  public String flush() {
    String rest = decode(new byte[0], true);
    decoder.reset();
    return rest;
  }

  private String decode(byte[] bytes, boolean last) {
    var in = ByteBuffer.allocate(pending.length + bytes.length);
    in.put(pending).put(bytes).flip();
    // A byte makes at most one character.
    var out = CharBuffer.allocate(in.remaining());
    decoder.decode(in, out, last);
    if (last) {
      decoder.flush(out);
    }
    pending = new byte[in.remaining()];
    in.get(pending);
    return out.flip().toString();
  }
}
