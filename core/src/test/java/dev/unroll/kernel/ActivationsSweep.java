package dev.unroll.kernel;

import dev.unroll.testing.sweep.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every function over all 2^32 floats, some minutes for each of them:
 *
 * <pre>{@code
 * mvn -Psweep -pl core -am test
 * mvn -Psweep -pl core -am test -DargLine=-Dunroll.sweep.function=TANH
 * }</pre>
 *
 * <p>The certificates are left in {@code target/sweep}.
 */
@Tag("once")
final class ActivationsSweep {

  @ParameterizedTest
  @EnumSource
  void everyFloat(ActivationFunction f) throws IOException {
    String only = System.getProperty("unroll.sweep.function", "");
    if (!only.isEmpty() && !only.equals(f.name())) {
      return;
    }
    Certificate certificate =
        f.sweep()
            .progress(percent -> System.out.printf(Locale.ROOT, "%s %d %%%n", f, percent))
            .run();
    System.out.println(certificate.text());
    Path folder = Files.createDirectories(Path.of("target", "sweep"));
    Files.writeString(folder.resolve(f + ".json"), certificate.json());
    Files.writeString(folder.resolve(f + ".txt"), certificate.text());
    certificate.mustHold();
  }
}
