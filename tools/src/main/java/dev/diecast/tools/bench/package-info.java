/** Measuring a session. */
package dev.diecast.tools.bench;
