/** How data moves through a program: who reads what whom wrote, and what may run at once. */
package dev.diecast.tools.inspect.flow;
