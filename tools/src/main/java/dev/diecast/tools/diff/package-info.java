/** What differs between two plans. */
package dev.diecast.tools.diff;
