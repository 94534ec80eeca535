package dev.unroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.unroll.Platform.Twin;
import dev.unroll.internal.spi.Kernels;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Each test execution of the build names the twin and the widest vectors that it is about; this
 * test fails when others ran, so that no execution can pass on a silent fallback.
 */
class ExpectedPlatformTest {

  @Test
  void theNamedTwinRanAtTheNamedWidth() {
    String named = property("unroll.expect.twin");
    int namedBits = Integer.parseInt(property("unroll.expect.bits"));
    int cpuBits = ThisCpu.vectorBits();
    boolean simd = named.equals("simd") && cpuBits > 0;

    Platform platform = Platform.current();
    assertEquals(simd ? Twin.SIMD : Twin.SCALAR, platform.twin(), platform.toString());
    assertEquals(
        simd ? Math.min(namedBits, cpuBits) : 0, platform.vectorBits(), platform.toString());
  }

  @Test
  void theKernelsAreThoseOfThePlatform() {
    Platform platform = Platform.current();
    assertEquals(platform.twin().name().toLowerCase(Locale.ROOT), Kernels.get().name());
    assertEquals(platform.vectorBits(), Kernels.get().vectorBits());
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    assertNotNull(value, "-D" + name + " says what this execution is about; see core/pom.xml");
    return value;
  }
}
