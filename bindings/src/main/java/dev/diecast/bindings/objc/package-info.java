/**
 * Objective-C from Java: loading, sending messages, and the rules of ownership.
 *
 * <p>Where to look: {@link dev.diecast.bindings.objc.ObjcRuntime} loads the libraries, and only
 * when asked to. {@code selectors.tsv} beside these classes lists every message that is ever sent;
 * a {@link dev.diecast.bindings.objc.Message} is one row of it and does the sending. {@link
 * dev.diecast.bindings.objc.Conformance} makes sure that an object understands what it will be
 * sent, since the runtime ends the process where it does not.
 *
 * <p>Ownership: a row marked {@code owned} returns an object that we release once, through {@link
 * dev.diecast.bindings.objc.Owned}. Anything else belongs to the innermost {@link
 * dev.diecast.bindings.objc.AutoreleasePool} of the thread or to another object, and is a plain
 * {@code long}. Methods that make such objects only on the way to their result bring a pool of
 * their own; a method that returns one says so.
 *
 * <p>To send a new message: a line in the table, a shape in {@code metal_abi.h} if it has a new
 * one, and a constant in the wrapper that sends it.
 */
package dev.diecast.bindings.objc;
