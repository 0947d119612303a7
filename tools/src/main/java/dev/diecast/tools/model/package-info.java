/** From what the user names to models and plans. */
package dev.diecast.tools.model;
