/** The subcommands, one class each. */
package dev.diecast.tools.command;
