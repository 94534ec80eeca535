package dev.unroll.bench.report;

import java.io.Console;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a measurement has come, on standard error: a bar on a terminal; elsewhere, say in a
 * log, one line at its start and one at its end.
 */
public final class Progress implements AutoCloseable {

  private static final int WIDTH = 78;

  private final String task;
  private final long start = System.nanoTime();
  private final @Nullable ProgressBar bar;

  /** Begins a task of this many steps. */
  public Progress(String task, long steps) {
    this.task = task;
    if (onTerminal()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(steps)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
              .build();
    } else {
      bar = null;
      System.err.println(task + ": " + steps + " steps");
    }
  }

  @SuppressWarnings("SystemConsoleNull") // Only newer JDKs promise a console; the check is cheap.
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Says what comes next. */
  public void next(String what) {
    if (bar != null) {
      bar.setExtraMessage(" " + what);
      bar.refresh();
    }
  }

  /** One step is done. */
  public void step() {
    if (bar != null) {
      bar.step();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    } else {
      System.err.printf("%s: %.1f s%n", task, (System.nanoTime() - start) / 1e9);
    }
  }
}
