package dev.unroll.bench.report;

import dev.unroll.Platform;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * What a figure depends on besides the code.
 *
 * @param platform which twin runs at which width, and why
 * @param os name and version of the operating system
 * @param processors processors that this process may use
 * @param vmVersion build of the JVM
 * @param flags the JVM's arguments
 * @param collectors the garbage collectors
 */
public record Environment(
    Platform platform,
    String os,
    int processors,
    String vmVersion,
    List<String> flags,
    List<String> collectors) {

  /** This process. */
  public static Environment current() {
    return new Environment(
        Platform.current(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().toString(),
        ManagementFactory.getRuntimeMXBean().getInputArguments(),
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .toList());
  }

  /** A few lines for a reader. */
  public String describe() {
    return "Machine  "
        + platform.cpu()
        + ", "
        + processors
        + (processors == 1 ? " processor, " : " processors, ")
        + os
        + ", "
        + platform.arch()
        + "\nJVM      "
        + platform.vm()
        + "\nKernels  "
        + platform.twin().name().toLowerCase(Locale.ROOT)
        + (platform.vectorBits() > 0 ? ", " + platform.vectorBits() + " bits" : "")
        + ": "
        + platform.reason()
        + "\n";
  }
}
