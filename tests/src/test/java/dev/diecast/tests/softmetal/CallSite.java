package dev.diecast.tests.softmetal;

/**
 * A message of a run that can fail.
 *
 * @param selector of the message
 * @param occurrence which one of its messages since the last mark, from 1
 * @param way how it fails: {@code nil}, {@code error}, {@code no}, or {@code gpu} where the GPU
 *     reports it later
 */
public record CallSite(String selector, long occurrence, String way) {}
