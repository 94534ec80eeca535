package dev.unroll;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the CPU has, found out from the operating system and independently of {@link Platform}. */
public final class ThisCpu {

  private ThisCpu() {}

  /** Whether this is an x86 CPU. */
  public static boolean isX86() {
    return Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
  }

  /**
   * Bits of the widest vectors that a JVM uses here when nothing holds it back; 0 when the CPU has
   * too little for the vectorized twin.
   */
  public static int vectorBits() {
    try {
      return isX86() ? x86(Path.of("/proc/cpuinfo")) : arm();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static int arm() throws IOException {
    if (!System.getProperty("os.arch").equals("aarch64")) {
      return 0;
    }
    Path sve = Path.of("/proc/sys/abi/sve_default_vector_length");
    if (!Files.isReadable(sve)) {
      return 128;
    }
    int bits = Integer.parseInt(Files.readString(sve).strip()) * Byte.SIZE;
    return Math.clamp(Integer.highestOneBit(bits), 128, 512);
  }

  private static int x86(Path cpuinfo) throws IOException {
    if (!Files.isReadable(cpuinfo)) {
      // Not Linux, so the VM has to be believed.
      int level = Platform.current().useAvx();
      return level >= 3 ? 512 : level == 2 ? 256 : 0;
    }
    List<String> lines = Files.readAllLines(cpuinfo);
    // Flags that a hypervisor takes away can leave several spaces.
    Set<String> flags = Set.copyOf(List.of(field(lines, "flags").orElse("").split("\\s+")));
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
