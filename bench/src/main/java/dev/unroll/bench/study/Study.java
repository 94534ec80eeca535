package dev.unroll.bench.study;

import java.util.function.Consumer;

/** One model, what is measured on it, and how it looks. */
public interface Study {

  /** Its name on the command line. */
  String name();

  /** Its heading. */
  String title();

  /** How often {@link #run} tells what comes next. */
  int parts();

  /**
   * Runs it.
   *
   * @param progress is told what comes next, at the beginning of each part
   */
  StudyResult run(Consumer<String> progress);
}
