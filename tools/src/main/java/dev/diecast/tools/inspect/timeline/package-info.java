/** When dispatches run, as traces for viewers of the Chrome trace event format. */
package dev.diecast.tools.inspect.timeline;
