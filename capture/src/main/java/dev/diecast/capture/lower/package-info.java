/** From graph to dispatches: kernel selection, memory and hazards. */
package dev.diecast.capture.lower;
