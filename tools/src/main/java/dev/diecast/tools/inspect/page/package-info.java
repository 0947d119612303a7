/** A plan as one HTML page that needs nothing else. */
package dev.diecast.tools.inspect.page;
