package dev.unroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.Platform.Twin;
import dev.unroll.internal.spi.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Each test execution of the build names the twin and the widest vectors that it is about; this test
 * fails when others ran, so that no execution can pass on a silent fallback.
 *
 * <p>What the CPU has is found out from the operating system, independently of {@link Platform}.
 */
class ExpectedPlatformTest {

  @Test
  void theNamedTwinRanAtTheNamedWidth() throws IOException {
    String named = property("unroll.expect.twin");
    int namedBits = Integer.parseInt(property("unroll.expect.bits"));
    int cpuBits = widestOfThisCpu();
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

  /** Bits of the widest vectors that a JVM uses on this CPU; 0 when it has too little. */
  private static int widestOfThisCpu() throws IOException {
    String arch = System.getProperty("os.arch");
    if (arch.equals("aarch64")) {
      Path sve = Path.of("/proc/sys/abi/sve_default_vector_length");
      if (!Files.isReadable(sve)) {
        return 128;
      }
      int bits = Integer.parseInt(Files.readString(sve).strip()) * Byte.SIZE;
      return Math.clamp(Integer.highestOneBit(bits), 128, 512);
    }
    assertTrue(Set.of("amd64", "x86_64").contains(arch), "say here what to expect on " + arch);
    Path cpuinfo = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(cpuinfo)) {
      // Not Linux. Every x86 machine that runs such a desktop has AVX2; take its word for AVX-512.
      return Platform.current().useAvx() >= 3 ? 512 : 256;
    }
    List<String> lines = Files.readAllLines(cpuinfo);
    Set<String> flags = Set.of(field(lines, "flags").orElse("").split(" "));
    if (!flags.contains("avx2") || !flags.contains("fma")) {
      return 0;
    }
    boolean avx512 =
        flags.containsAll(Set.of("avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl"));
    return avx512 && !isFirstSkylakeServer(lines) ? 512 : 256;
  }

  /** The JVM leaves AVX-512 alone on these, since it slows their clock down. */
  private static boolean isFirstSkylakeServer(List<String> lines) {
    return field(lines, "vendor_id").equals(Optional.of("GenuineIntel"))
        && field(lines, "cpu family").equals(Optional.of("6"))
        && field(lines, "model").equals(Optional.of("85"))
        && Integer.parseInt(field(lines, "stepping").orElse("0")) < 5;
  }

  private static Optional<String> field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.indexOf(':') > 0)
        .filter(line -> line.substring(0, line.indexOf(':')).strip().equals(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }
}
