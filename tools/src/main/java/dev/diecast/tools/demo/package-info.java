/** The model that ships with Diecast, its held-out set and how well it does. */
package dev.diecast.tools.demo;
