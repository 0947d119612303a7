/** The diecast command. */
package dev.diecast.tools;
