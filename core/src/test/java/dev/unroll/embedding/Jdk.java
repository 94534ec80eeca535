package dev.unroll.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The compiler and the launcher of the JDK that runs the tests. */
final class Jdk {

  private static final long LIMIT_SECONDS = 120;

  private Jdk() {}

  /** What a process left behind. */
  record Outcome(String command, int exitCode, String out, String err) {

    Outcome mustSucceed() {
      if (exitCode != 0) {
        throw new AssertionError(toString());
      }
      return this;
    }

    /** The rest of the line of standard output that starts with {@code key=}. */
    String value(String key) {
      return out.lines()
          .filter(line -> line.startsWith(key + "="))
          .map(line -> line.substring(key.length() + 1))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + key + " in the output of " + this));
    }

    @Override
    public String toString() {
      return "%s%nexit code %d%n%s%n%s".formatted(command, exitCode, out, err);
    }
  }

  /** A path that the build names; see core/pom.xml. */
  static Path fromBuild(String property) {
    return Path.of(
        Objects.requireNonNull(
            System.getProperty(property), () -> "-D" + property + " is set by the build"));
  }

  static Outcome javac(Path output, String... arguments) {
    return run("javac", output, output, arguments);
  }

  static Outcome java(Path output, String... arguments) {
    return run("java", output, output, arguments);
  }

  static Outcome java(Path output, Path folder, String... arguments) {
    return run("java", output, folder, arguments);
  }

  /** Runs a tool in a folder; its output goes through files, so no pipe can fill up. */
  private static Outcome run(String tool, Path output, Path folder, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    Path out = output.resolve("out.txt");
    Path err = output.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    // Options of the outer build are not part of what is tried here.
    builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
    try {
      Process process = builder.start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + command);
      }
      return new Outcome(
          String.join(" ", command),
          process.exitValue(),
          Files.readString(out, UTF_8),
          Files.readString(err, UTF_8));
    } catch (IOException broken) {
      throw new AssertionError("cannot run " + command, broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + command, interrupted);
    }
  }
}
