/** Writing files so that a name never stands for half of one. */
package dev.diecast.plans.files;
