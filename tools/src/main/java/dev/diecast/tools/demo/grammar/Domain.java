package dev.diecast.tools.demo.grammar;

import java.util.List;

/**
 * Words that belong together: each row has a word for every field.
 *
 * @param distinct whether two variables of a story are two different rows
 */
record Domain(String name, boolean distinct, List<String> fields, List<List<String>> rows) {}
