package dev.diecast.tools.demo.grammar;

import java.util.List;

/** A place in a plot: one of several sentences stands there, or none if it is optional. */
record Slot(boolean optional, List<List<Part>> choices) {}
