/** GGUF files: metadata, tensor table and mapped weights. */
package dev.diecast.plans.gguf;
