package dev.unroll.testing.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.Failures;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentLawsTest {

  private final float[] c = {1, 2};

  private ArgumentLaws of(Runnable call) {
    return ArgumentLaws.of("call")
        .unwritten("c", c)
        .refuses(IllegalArgumentException.class, "m", call);
  }

  private static Runnable throwing(RuntimeException exception) {
    return () -> {
      throw exception;
    };
  }

  @Test
  void theRightExceptionThatNamesTheArgumentPasses() {
    of(throwing(new IllegalArgumentException("m is -1"))).checkAll();
    of(throwing(new NumberFormatException("mOffset is no number"))).checkAll();
  }

  @Test
  void everythingElseFails() {
    assertFails("not refused", of(() -> {}));
    assertFails(
        "thrown: java.lang.IllegalStateException: m", of(throwing(new IllegalStateException("m"))));
    assertFails(
        "not named: m in: dim is -1", of(throwing(new IllegalArgumentException("dim is -1"))));
    assertFails("not named: m in: null", of(throwing(new IllegalArgumentException())));
    assertFails(
        "c modified at index 1",
        of(
            () -> {
              c[1] += 7;
              throw new IllegalArgumentException("m is -1");
            }));
  }

  private static void assertFails(String part, ArgumentLaws laws) {
    assertEquals(List.of("IllegalArgumentException for m (1)"), laws.laws().broken());
    String message = Failures.messageOf(laws::checkAll);
    assertTrue(message.contains(part), message);
    assertTrue(message.contains("reproduce: call law=["), message);
  }
}
