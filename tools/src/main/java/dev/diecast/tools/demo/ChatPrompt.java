package dev.diecast.tools.demo;

/** One question in the demo model's chat format, which is that of the template in its file. */
public final class ChatPrompt {
  private ChatPrompt() {}

  /** The question as the user's turn, and the start of the model's. */
  public static String of(String question) {
    return "[gMASK]<sop><|user|>\n" + question + "<|assistant|>\n";
  }
}
