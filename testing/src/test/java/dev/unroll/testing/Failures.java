package dev.unroll.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** For tests of assertions. */
public final class Failures {

  private Failures() {}

  /** The message of the assertion that has to fail. */
  public static String messageOf(Executable assertion) {
    return Objects.requireNonNull(assertThrows(AssertionError.class, assertion).getMessage());
  }
}
