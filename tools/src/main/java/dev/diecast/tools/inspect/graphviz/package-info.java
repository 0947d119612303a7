/** Plans as Graphviz graphs. */
package dev.diecast.tools.inspect.graphviz;
