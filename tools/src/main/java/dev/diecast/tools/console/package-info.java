/** Between a command and its user: streams, errors, exit codes, progress, Ctrl-C. */
package dev.diecast.tools.console;
