/** Where the time of a program goes when it runs, dispatch by dispatch. */
package dev.diecast.tools.profile;
