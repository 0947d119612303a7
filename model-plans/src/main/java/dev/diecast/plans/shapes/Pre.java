package dev.diecast.plans.shapes;

/** The pre-tokenizers of the known shapes, and whether their models want a first BOS token. */
enum Pre {
  LLAMA_BPE("llama-bpe", true),
  QWEN2("qwen2", false),
  DEEPSEEK_LLM("deepseek-llm", true),
  YOUTU("youtu", true),
  GLM4("glm4", false);

  private final String label;
  private final boolean addsBos;

  Pre(String label, boolean addsBos) {
    this.label = label;
    this.addsBos = addsBos;
  }

  /** The value of {@code tokenizer.ggml.pre}. */
  String label() {
    return label;
  }

  boolean addsBos() {
    return addsBos;
  }
}
