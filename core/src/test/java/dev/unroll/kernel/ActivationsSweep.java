package dev.unroll.kernel;

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
 */
@Tag("once")
final class ActivationsSweep {

  @ParameterizedTest
  @EnumSource
  void everyFloat(ActivationFunction f) {
    String only = System.getProperty("unroll.sweep.function", "");
    if (!only.isEmpty() && !only.equals(f.name())) {
      return;
    }
    FloatSweep sweep =
        new FloatSweep(f, 1, percent -> System.out.printf(Locale.ROOT, "%s %d %%%n", f, percent));
    System.out.printf(
        Locale.ROOT,
        "%s: max %.4f ULP at %s (0x%08x), limit %s; subnormal results %.4f; sha-256 %s%n",
        f,
        sweep.error,
        sweep.at,
        Float.floatToRawIntBits(sweep.at),
        f.limit,
        sweep.subnormalError,
        sweep.hash);
    sweep.check();
  }
}
