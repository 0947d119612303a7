/** What this machine has, and what Diecast makes of it. */
package dev.diecast.tools.doctor;
