package dev.diecast.tools.console;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How far long work has come. Drawn on standard error when somebody sees it, else silent. */
public final class Progress implements AutoCloseable {
  private static final int COLUMNS = 80;
  private static final int REDRAW_MILLIS = 100;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Work that is counted in bytes. */
  public static Progress ofBytes(Console console, String task, long total) {
    return new Progress(
        console.errIsTerminal()
            ? builder(console, task, total).setUnit(" MB", 1_000_000).build()
            : null);
  }

  /** Work that is counted in steps. */
  public static Progress ofSteps(Console console, String task, long total) {
    return new Progress(console.errIsTerminal() ? builder(console, task, total).build() : null);
  }

  private static ProgressBarBuilder builder(Console console, String task, long total) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(REDRAW_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(console.err(), COLUMNS))
        .clearDisplayOnFinish();
  }

  /** Says that this much of the total is done. */
  public void reached(long done) {
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
