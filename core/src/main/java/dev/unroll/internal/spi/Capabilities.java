package dev.unroll.internal.spi;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM and this CPU can do, as far as it decides between the twins.
 *
 * <p>The Vector API answers none of these questions itself: its preferred species has 512 bits even
 * in an interpreter. So the facts are read from the VM's own flags, without touching a vector
 * class; a fact that cannot be read counts as missing, since a wrong guess would be a silent
 * thousandfold slowdown.
 *
 * @param vectorModule whether {@code jdk.incubator.vector} is in the running module graph
 * @param c2 whether methods get compiled by C2, the only compiler known to turn the Vector API into
 *     vector instructions
 * @param c2Cause why {@code c2} is false; empty when it is true
 * @param fma whether {@code Math.fma} is one instruction here
 * @param useAvx the VM's {@code UseAVX} level; -1 where the flag does not exist
 * @param maxVectorSize the VM's {@code MaxVectorSize} in bytes; -1 when it cannot be read
 * @param flagsReadable whether the VM's flags could be read at all
 * @param arch {@code os.arch}
 * @param cpu the CPU's own name, or {@code os.arch} when it has none
 * @param features the CPU's features as Linux lists them, a space around each; empty elsewhere
 * @param vm name, version and mode of the VM
 */
public record Capabilities(
    boolean vectorModule,
    boolean c2,
    String c2Cause,
    boolean fma,
    int useAvx,
    int maxVectorSize,
    boolean flagsReadable,
    String arch,
    String cpu,
    String features,
    String vm) {

  /** The module that holds the Vector API. */
  public static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** The facts of this process; read once. */
  public static Capabilities current() {
    return Holder.CURRENT;
  }

  private static final class Holder {
    static final Capabilities CURRENT =
        probe(
            ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent(),
            name -> System.getProperty(name, ""),
            flags(),
            new Cpu(cpuLine("model name"), cpuLine("flags")));
  }

  /** The vector registers that C2 can use: x86 has 16 of them below AVX-512, all others 32. */
  public int vectorRegisters() {
    return useAvx >= 0 && useAvx < 3 ? 16 : 32;
  }

  /**
   * Whether the CPU is one of Intel's, as far as it can be seen. It decides between ways through
   * memory alone: no bit depends on it, and a wrong answer costs some speed.
   */
  public boolean intel() {
    return cpu.contains("Intel");
  }

  /**
   * Whether a core issues no more than four operations a cycle, as far as it can be seen: those of
   * Intel up to Cascade Lake and Comet Lake do, and have no vectorized AES, which all later ones
   * have. As {@link #intel}, it decides about speed alone.
   */
  public boolean fourWide() {
    return intel() && !features.isEmpty() && !features.contains(" vaes ");
  }

  /** Looks a VM flag up by its name; null when the VM has no such flag. */
  @FunctionalInterface
  interface Flags {
    @Nullable String value(String name);
  }

  /**
   * Draws the facts from their sources.
   *
   * @param flags the VM's flags, or null when they cannot be read
   * @param processor what the CPU tells of itself
   */
  static Capabilities probe(
      boolean vectorModule,
      UnaryOperator<String> properties,
      @Nullable Flags flags,
      Cpu processor) {
    String arch = properties.apply("os.arch");
    String vm =
        properties.apply("java.vm.name")
            + " "
            + properties.apply("java.vm.version")
            + ", "
            + properties.apply("java.vm.info");
    String c2Cause = whyNoC2(vm, flags);
    return new Capabilities(
        vectorModule,
        c2Cause.isEmpty(),
        c2Cause,
        flags != null && "true".equals(flags.value("UseFMA")),
        intFlag(flags, "UseAVX"),
        intFlag(flags, "MaxVectorSize"),
        flags != null,
        arch,
        processor.name == null ? arch : processor.name,
        processor.features == null ? "" : " " + processor.features + " ",
        vm);
  }

  private static String whyNoC2(String vm, @Nullable Flags flags) {
    if (flags == null) {
      return "the VM's flags cannot be read (no module jdk.management, or not HotSpot)";
    }
    if ("false".equals(flags.value("UseCompiler"))) {
      return "the VM only interprets";
    }
    int stopAt = intFlag(flags, "TieredStopAtLevel");
    if (stopAt >= 0 && stopAt < 4) {
      return "C2 is off (-XX:TieredStopAtLevel=" + stopAt + ")";
    }
    if ("quick-only".equals(flags.value("CompilationMode"))) {
      return "C2 is off (-XX:CompilationMode=quick-only)";
    }
    if ("false".equals(flags.value("EnableVectorSupport"))) {
      return "C2's vector support is off (-XX:-EnableVectorSupport)";
    }
    String jvmci = flags.value("UseJVMCICompiler");
    String vmLower = vm.toLowerCase(Locale.ROOT);
    if ("true".equals(jvmci) || (jvmci == null && vmLower.contains("jvmci"))) {
      return "another compiler stands in for C2 (JVMCI)";
    }
    if (!vm.contains("Server VM") || vm.contains("emulated-client") || stopAt < 0) {
      return "this VM has no C2 (" + vm + ")";
    }
    return "";
  }

  private static int intFlag(@Nullable Flags flags, String name) {
    String value = flags == null ? null : flags.value(name);
    return value == null ? -1 : Integer.parseInt(value);
  }

  private static @Nullable Flags flags() {
    try {
      return VmFlags.open();
    } catch (LinkageError absent) {
      // A run-time image without jdk.management: the class below cannot be linked.
      return null;
    }
  }

  /** Apart from its user, so that a missing {@code jdk.management} is caught there. */
  private static final class VmFlags {
    static @Nullable Flags open() {
      HotSpotDiagnosticMXBean bean =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (bean == null) {
        return null;
      }
      return name -> {
        try {
          return bean.getVMOption(name).getValue();
        } catch (IllegalArgumentException unknown) {
          return null;
        }
      };
    }
  }

  /** What a CPU tells of itself; null what it does not. */
  record Cpu(@Nullable String name, @Nullable String features) {}

  private static @Nullable String cpuLine(String name) {
    try (BufferedReader lines =
        Files.newBufferedReader(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
      return lines
          .lines()
          .filter(line -> line.startsWith(name) && line.indexOf(':') >= 0)
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(null);
    } catch (IOException | UncheckedIOException | SecurityException notLinux) {
      Map<String, String> environment = System.getenv();
      return name.equals("model name") ? environment.get("PROCESSOR_IDENTIFIER") : null;
    }
  }
}
