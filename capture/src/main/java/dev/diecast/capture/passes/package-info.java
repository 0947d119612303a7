/** Passes over the graph: small, ordered, named, switchable. */
package dev.diecast.capture.passes;
