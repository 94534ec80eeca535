package dev.unroll.testing.jvm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The compiler and the launcher of the JDK that runs this. */
public final class Jdk {

  private static final long LIMIT_SECONDS = 600;

  private Jdk() {}

  /**
   * Runs {@code javac}.
   *
   * @param work where the output is kept, and the working directory
   */
  public static Outcome javac(Path work, String... arguments) {
    return run("javac", work, work, arguments);
  }

  /**
   * Runs {@code java}.
   *
   * @param work where the output is kept, and the working directory
   */
  public static Outcome java(Path work, String... arguments) {
    return run("java", work, work, arguments);
  }

  /** The same in another working directory. */
  public static Outcome java(Path work, Path folder, String... arguments) {
    return run("java", work, folder, arguments);
  }

  /** Runs a tool in a folder; its output goes through files, so no pipe can fill up. */
  private static Outcome run(String tool, Path work, Path folder, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(work, tool, ".out");
      Path err = Files.createTempFile(work, tool, ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      // Options of the outer build are not part of what is tried here.
      builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
      Process process = builder.start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + command);
      }
      Outcome outcome =
          new Outcome(
              String.join(" ", command),
              process.exitValue(),
              Files.readString(out, UTF_8),
              Files.readString(err, UTF_8));
      Files.delete(out);
      Files.delete(err);
      return outcome;
    } catch (IOException broken) {
      throw new AssertionError("cannot run " + command, broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + command, interrupted);
    }
  }
}
