/** The grammar of the demo model's stories. */
package dev.diecast.tools.demo.grammar;
