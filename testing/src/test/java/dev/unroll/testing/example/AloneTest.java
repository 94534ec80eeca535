package dev.unroll.testing.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.jvm.Jdk;
import dev.unroll.testing.jvm.Outcome;
import dev.unroll.testing.law.UnaryLaws;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All but the generators works where there is neither a property tester nor a test engine. */
class AloneTest {

  @TempDir private Path work;

  private Outcome java(String program) throws URISyntaxException {
    String folders = folder(UnaryLaws.class) + File.pathSeparator + folder(Alone.class);
    return Jdk.java(work, "-cp", folders, program);
  }

  /** Where a class was loaded from. */
  private static Path folder(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void aProgramNeedsNothingElse() throws URISyntaxException {
    Outcome outcome = java("dev.unroll.testing.example.Alone").mustSucceed();
    assertEquals("alone", outcome.value("done"));
    assertTrue(outcome.toString().contains("halves over 65536 floats"), outcome::toString);
  }

  /** Guards the test above: there really is no jqwik. */
  @Test
  void theGeneratorsNeedJqwik() throws URISyntaxException {
    Outcome outcome = java("dev.unroll.testing.example.AloneWithGenerators");
    assertNotEquals(0, outcome.exitCode());
    assertTrue(outcome.toString().contains("NoClassDefFoundError: net/jqwik/"), outcome::toString);
  }
}

/** What needs more than the kit. */
final class AloneWithGenerators {

  private AloneWithGenerators() {}

  public static void main(String[] arguments) {
    System.out.println(dev.unroll.testing.arbitraries.FloatArbitraries.all());
  }
}
