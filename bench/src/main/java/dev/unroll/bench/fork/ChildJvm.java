package dev.unroll.bench.fork;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a JVM like this one: the same JDK, class path and options, and some more. */
public final class ChildJvm {

  private static final Duration MOST = Duration.ofMinutes(10);

  private final List<String> options;
  private final String classPath;

  private ChildJvm(List<String> options, String classPath) {
    this.options = List.copyOf(options);
    this.classPath = classPath;
  }

  /** Like this JVM. */
  public static ChildJvm likeThis() {
    List<String> options = new ArrayList<>();
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (inherited(argument)) {
        options.add(argument);
      }
    }
    if (!options.contains("-Djava.awt.headless=true")) {
      options.add("-Djava.awt.headless=true");
    }
    return new ChildJvm(options, System.getProperty("java.class.path"));
  }

  /** Agents and archives belong to the JVM that was started with them. */
  static boolean inherited(String argument) {
    return !argument.startsWith("-agentlib")
        && !argument.startsWith("-javaagent")
        && !argument.startsWith("-XX:AOT")
        && !argument.startsWith("-XX:SharedArchiveFile")
        && !argument.startsWith("-XX:ArchiveClassesAtExit");
  }

  /** With more options, which win over those that came before. */
  public ChildJvm with(String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return new ChildJvm(all, classPath);
  }

  /** On another class path. */
  public ChildJvm onClassPath(String path) {
    return new ChildJvm(options, path);
  }

  /** The options of the JVM. */
  public List<String> options() {
    return options;
  }

  /** The class path, its parts apart. */
  public List<String> classPath() {
    return List.of(classPath.split(File.pathSeparator, -1));
  }

  /**
   * Runs a main class to its end and returns what it printed.
   *
   * @throws IOException when it fails: the message ends with the last lines that it printed
   */
  public String run(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(
        ProcessHandle.current()
            .info()
            .command()
            .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Path log = Files.createTempFile("unroll-fork", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("still running after " + MOST + ": " + String.join(" ", command));
      }
      String text = Files.readString(log, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(
            "a JVM ended with "
                + process.exitValue()
                + ": "
                + String.join(" ", command)
                + "\n"
                + tail(text));
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private static String tail(String text) {
    return text.length() <= 3000 ? text : text.substring(text.length() - 3000);
  }
}
