package dev.unroll.bench.probe;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * What the compiler of this JVM is doing.
 *
 * <p>The time that it has spent grows when a method is done. A method of vectors can take it a
 * second, in which what waits for it runs a thousand times slower: so its queue is asked, too.
 */
final class JitCompiler {

  private static final CompilationMXBean TIMES = ManagementFactory.getCompilationMXBean();
  private static final @Nullable ObjectName COMMANDS = commands();

  private long time = spent();

  /** Whether it works on something, or has since this was asked last. */
  boolean busy() {
    long now = spent();
    boolean changed = now != time;
    time = now;
    return changed || compiles();
  }

  private static long spent() {
    return TIMES != null && TIMES.isCompilationTimeMonitoringSupported()
        ? TIMES.getTotalCompilationTime()
        : 0;
  }

  private static @Nullable ObjectName commands() {
    try {
      ObjectName name = new ObjectName("com.sun.management:type=DiagnosticCommand");
      return ManagementFactory.getPlatformMBeanServer().isRegistered(name) ? name : null;
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean compiles() {
    return atWork(queues());
  }

  /** What {@code jcmd Compiler.queue} prints; nothing where the JVM cannot tell. */
  static String queues() {
    if (COMMANDS == null) {
      return "";
    }
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      return String.valueOf(server.invoke(COMMANDS, "compilerQueue", new Object[0], new String[0]));
    } catch (JMException e) {
      // Another JVM than HotSpot: the time alone tells.
      return "";
    }
  }

  /** Whether these queues have work in them. */
  static boolean atWork(String queues) {
    boolean headed = false;
    for (String line : queues.lines().map(String::strip).toList()) {
      if (line.startsWith("Current compiles:") || line.endsWith("compile queue:")) {
        headed = true;
      } else if (headed && !line.isEmpty() && !line.equals("Empty")) {
        return true;
      }
    }
    return false;
  }
}
