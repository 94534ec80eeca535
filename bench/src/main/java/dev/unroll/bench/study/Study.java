package dev.unroll.bench.study;

import java.util.function.Consumer;

/** One model, what is measured on it, and how it looks. */
public interface Study {

  /** Its name on the command line. */
  String name();

  /** Its heading. */
  String title();

  /**
   * Runs it.
   *
   * @param progress is told what comes next
   */
  StudyResult run(Consumer<String> progress);
}
