package dev.unroll.embedding;

import java.nio.file.Path;
import java.util.Objects;

/** What the build tells these tests; see core/pom.xml. */
final class Build {

  private Build() {}

  /** A path that the build names. */
  static Path path(String property) {
    return Path.of(
        Objects.requireNonNull(
            System.getProperty(property), () -> "-D" + property + " is set by the build"));
  }
}
