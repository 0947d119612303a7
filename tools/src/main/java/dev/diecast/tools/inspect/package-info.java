/** What is in a plan or a GGUF: for people as text, for programs as JSON. */
package dev.diecast.tools.inspect;
