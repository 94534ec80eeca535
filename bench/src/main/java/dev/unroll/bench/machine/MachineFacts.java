package dev.unroll.bench.machine;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the system says about the machine, beside what {@link dev.unroll.bench.report.Environment}
 * says about the JVM. What a system does not tell is empty or 0.
 *
 * @param microcode version of the processor's microcode
 * @param instructionSets those of the processor's flags that matter to vectors
 * @param processors logical processors of the machine; this process may be allowed fewer
 * @param threadsPerCore as the system sees it: a virtual machine often does not know
 * @param numaNodes nodes of memory
 * @param governor how the clock is chosen
 * @param boost whether the clock may rise above its nominal value
 * @param hypervisor whether this is a virtual machine
 * @param memoryBytes memory of the machine or container
 * @param caches of one core
 * @param container limits of the control group
 * @param vmFlags options of the VM that decide about vectors
 */
public record MachineFacts(
    String microcode,
    List<String> instructionSets,
    int processors,
    int threadsPerCore,
    int numaNodes,
    String governor,
    String boost,
    boolean hypervisor,
    long memoryBytes,
    List<Cache> caches,
    Container container,
    Map<String, String> vmFlags) {

  private static final List<String> SETS =
      List.of(
          "sse4_2",
          "avx",
          "avx2",
          "fma",
          "avx512f",
          "avx512vl",
          "avx512bw",
          "avx512_bf16",
          "asimd",
          "sve",
          "sve2");

  private static final List<String> FLAGS =
      List.of(
          "UseAVX",
          "UseSVE",
          "UseFMA",
          "MaxVectorSize",
          "EnableVectorSupport",
          "UseSuperWord",
          "TieredCompilation",
          "TieredStopAtLevel",
          "UseCompressedOops",
          "UseCompactObjectHeaders",
          "ObjectAlignmentInBytes",
          "MaxHeapSize",
          "UseTransparentHugePages",
          "AOTCache");

  /** This machine. */
  public static MachineFacts current() {
    String info = text(Path.of("/proc/cpuinfo"));
    List<String> flags = List.of(fieldOf(info, "flags", "Features").split("\\s+", -1));
    Path cpu = Path.of("/sys/devices/system/cpu");
    String siblings = text(cpu.resolve("cpu0/topology/thread_siblings_list"));
    return new MachineFacts(
        fieldOf(info, "microcode", "CPU revision"),
        SETS.stream().filter(flags::contains).toList(),
        processors(cpu),
        siblings.isEmpty() ? 0 : Caches.processors(siblings),
        count(Path.of("/sys/devices/system/node"), "node[0-9]*"),
        text(cpu.resolve("cpu0/cpufreq/scaling_governor")),
        text(cpu.resolve("cpufreq/boost")),
        flags.contains("hypervisor"),
        memory(),
        Caches.listed(),
        Container.current(),
        readVmFlags());
  }

  private static int processors(Path cpu) {
    String online = text(cpu.resolve("online"));
    return online.isEmpty()
        ? Runtime.getRuntime().availableProcessors()
        : Caches.processors(online);
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  private static Map<String, String> readVmFlags() {
    Map<String, String> values = new LinkedHashMap<>();
    HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    for (String flag : FLAGS) {
      String value = value(vm, flag);
      if (value != null && !value.isEmpty()) {
        values.put(flag, value);
      }
    }
    return values;
  }

  private static @Nullable String value(@Nullable HotSpotDiagnosticMXBean vm, String flag) {
    try {
      return vm == null ? null : vm.getVMOption(flag).getValue();
    } catch (IllegalArgumentException e) {
      return null; // Not on this architecture, or not in this VM.
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static int count(Path folder, String pattern) {
    int count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
      for (Path ignored : entries) {
        count++;
      }
    } catch (IOException e) {
      return 0;
    }
    return count;
  }

  /** The first value that {@code /proc/cpuinfo} gives under one of two names. */
  private static String fieldOf(String info, String x86, String arm) {
    for (String line : info.split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).strip();
        if (name.equals(x86) || name.equals(arm)) {
          return line.substring(colon + 1).strip();
        }
      }
    }
    return "";
  }
}
