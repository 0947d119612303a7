package dev.diecast.tools.command;

import dev.diecast.replay.Sampling;
import picocli.CommandLine.Option;

/** How tokens are chosen. */
final class SamplingOptions {
  @Option(
      names = {"-t", "--temperature"},
      paramLabel = "T",
      defaultValue = "0",
      description = "0 always takes the likeliest token (default); 0.8 is lively.")
  private float temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "40",
      description = "Only the K likeliest tokens; 0: all (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "0.95",
      description =
          "Only the likeliest that reach probability P; 1: all (default: ${DEFAULT-VALUE}).")
  private float topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      defaultValue = "0.05",
      description =
          "Only tokens at least P times as likely as the likeliest; 0: all (default: ${DEFAULT-VALUE}).")
  private float minP;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "R",
      defaultValue = "1",
      description = "Weakens tokens seen lately; 1: off (default), 1.1 is usual.")
  private float repeatPenalty;

  @Option(
      names = "--repeat-window",
      paramLabel = "N",
      defaultValue = "64",
      description = "How far back the penalty looks, at most 256 (default: ${DEFAULT-VALUE}).")
  private int repeatWindow;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "The same seed gives the same text (default: ${DEFAULT-VALUE}).")
  private long seed;

  SamplingOptions() {}

  Sampling sampling() {
    return new Sampling(temperature, topK, topP, minP, repeatPenalty, repeatWindow, seed);
  }
}
