/** The float64 interpreter: the oracle for everything else. */
package dev.diecast.capture.interpret;
