/** Tokenizers from GGUF metadata. */
package dev.diecast.plans.tokenizer;
