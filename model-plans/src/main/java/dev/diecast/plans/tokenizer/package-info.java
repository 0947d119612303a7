/**
 * Tokenizers from GGUF metadata: byte-level BPE ({@code gpt2}) and SentencePiece ({@code llama}),
 * with special tokens and streaming decode. The behaviour is llama.cpp's, token for token.
 */
package dev.diecast.plans.tokenizer;
