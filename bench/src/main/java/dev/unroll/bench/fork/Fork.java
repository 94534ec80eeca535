package dev.unroll.bench.fork;

import dev.unroll.bench.machine.MachineFacts;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.ReportDocument;
import dev.unroll.bench.results.Results;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Measures a section in a JVM of its own; the main class of that JVM as well. */
public final class Fork {

  /**
   * The group of the share of a processor that a section's thread has had: below 1, others had the
   * rest, and the section's figures are theirs as well.
   */
  public static final String QUIET = "quiet";

  private Fork() {}

  /**
   * Measures one section.
   *
   * @param section the name of a public class with a constructor without parameters
   */
  public static Results measure(ChildJvm jvm, Class<? extends Section> section, Effort effort)
      throws IOException {
    Path file = Files.createTempFile("unroll-fork", ".json");
    try {
      jvm.run(Fork.class, section.getName(), effort.name(), file.toString());
      return ReportDocument.read(file).results();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Nanoseconds of a processor that this thread has had; -1 where the VM does not count them. */
  private static long threadTime() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : -1;
  }

  /** The child: name of the section, effort, file for the results. */
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    Section section =
        Class.forName(arguments[0])
            .asSubclass(Section.class)
            .getDeclaredConstructor()
            .newInstance();
    Effort effort = Effort.valueOf(arguments[1]);
    Results results = new Results();
    long wall = System.nanoTime();
    long processor = threadTime();
    section.measure(effort, results);
    double share = (threadTime() - processor) / (double) (System.nanoTime() - wall);
    if (processor >= 0) {
      results.add(
          Measurement.rate(
              QUIET,
              section.getClass().getSimpleName(),
              "main thread",
              "share",
              new double[] {share}));
    }
    ReportDocument.of(
            "",
            effort.name().toLowerCase(Locale.ROOT),
            Environment.current(),
            MachineFacts.current(),
            results)
        .write(Path.of(arguments[2]));
    // Threads of libraries that were compared with may outlive their last call.
    System.exit(0);
  }
}
