/** What the command line says about MSL files. */
package dev.diecast.tools.msl;
