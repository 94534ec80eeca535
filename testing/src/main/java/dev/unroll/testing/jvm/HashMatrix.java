package dev.unroll.testing.jvm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One program in many configurations of the JVM. The program prints a line {@code hash.NAME=VALUE}
 * for each kernel, over all that the kernel gave; the lines have to be the same everywhere.
 *
 * <pre>{@code
 * HashMatrix.of(work, classPath, "my.Hashes")
 *     .run(JvmConfiguration.all(RandomGenerator.getDefault()))
 *     .mustAgree();
 * }</pre>
 *
 * <p>Test classes may take the place of the program: they have to succeed everywhere, and what they
 * print of hashes is compared, too.
 *
 * <pre>{@code
 * HashMatrix.ofTests(work, classPath, "my.KernelTest")
 *     .run(JvmConfiguration.all(RandomGenerator.getDefault()))
 *     .mustSucceed();
 * }</pre>
 */
public final class HashMatrix {

  private static final String PREFIX = "hash.";

  private final Path work;
  private final String classPath;
  private final String main;
  private Function<JvmConfiguration, List<String>> arguments = configuration -> List.of();

  private HashMatrix(Path work, String classPath, String main) {
    this.work = work;
    this.classPath = classPath;
    this.main = main;
  }

  /**
   * Of a program.
   *
   * @param work a folder for the output of the processes
   */
  public static HashMatrix of(Path work, String classPath, String main) {
    return new HashMatrix(work, classPath, main);
  }

  /**
   * Of test classes, by JUnit's console launcher, which has to be on the class path with their
   * engine. A class without tests is a failure.
   *
   * @param work a folder for the output of the processes
   */
  public static HashMatrix ofTests(Path work, String classPath, String... testClasses) {
    List<String> arguments = new ArrayList<>(List.of("execute", "--disable-banner"));
    arguments.addAll(List.of("--details=summary", "--fail-if-no-tests"));
    // Where jqwik writes, should it be there: not into a folder that this one does not have.
    arguments.add("--config=jqwik.database=jqwik-database");
    for (String each : testClasses) {
      arguments.add("--select-class=" + each);
    }
    return of(work, classPath, "org.junit.platform.console.ConsoleLauncher")
        .arguments(configuration -> arguments);
  }

  /** What the program is given, such as fewer rounds where nothing gets compiled. */
  public HashMatrix arguments(Function<JvmConfiguration, List<String>> of) {
    arguments = of;
    return this;
  }

  /** One configuration. */
  public Outcome run(JvmConfiguration configuration) {
    List<String> command = new ArrayList<>();
    command.add("-XX:+UnlockDiagnosticVMOptions");
    command.add("-XX:+UnlockExperimentalVMOptions");
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.addAll(configuration.options());
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments.apply(configuration));
    return Jdk.java(work, command.toArray(String[]::new));
  }

  /** All of them; what the others have to agree with is the first. */
  public Report run(List<JvmConfiguration> configurations) {
    Report report = new Report();
    for (JvmConfiguration configuration : configurations) {
      report.add(configuration, run(configuration));
    }
    return report;
  }

  /** Hashes of each kernel in each configuration. */
  public static final class Report {

    private final Map<String, String> expected = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();
    private int configurations;

    /** An empty one, to be filled one configuration after the other. */
    public Report() {}

    /** Takes one in; the first sets what is right. Returns what differs in it. */
    public List<String> add(JvmConfiguration configuration, Outcome outcome) {
      List<String> found = new ArrayList<>();
      Map<String, String> hashes = outcome.values(PREFIX);
      if (outcome.exitCode() != 0) {
        found.add(configuration + ": no result: " + outcome);
      } else if (configurations == 0) {
        expected.putAll(hashes);
      } else {
        compare(configuration, hashes, outcome, found);
      }
      configurations++;
      differences.addAll(found);
      return found;
    }

    private void compare(
        JvmConfiguration configuration,
        Map<String, String> hashes,
        Outcome outcome,
        List<String> found) {
      if (!hashes.keySet().equals(expected.keySet())) {
        found.add(configuration + ": kernels " + hashes.keySet() + ", not " + expected.keySet());
      }
      hashes.forEach(
          (kernel, hash) -> {
            String right = expected.get(kernel);
            if (right != null && !right.equals(hash)) {
              found.add(
                  "%s: %s is %s, not %s; reproduce: %s"
                      .formatted(configuration, kernel, hash, right, outcome.command()));
            }
          });
    }

    /** The hash of each kernel in the first configuration. */
    public Map<String, String> hashes() {
      return Map.copyOf(expected);
    }

    /** How many configurations there were. */
    public int configurations() {
      return configurations;
    }

    /** One line for each kernel that differs in a configuration, and how to see it again. */
    public List<String> differences() {
      return List.copyOf(differences);
    }

    /**
     * Fails when anything failed or differs, hashes or not.
     *
     * @throws AssertionError with all differences
     */
    public void mustSucceed() {
      if (configurations == 0) {
        throw new AssertionError("nothing was run");
      }
      if (!differences.isEmpty()) {
        throw new AssertionError(String.join(System.lineSeparator(), differences));
      }
    }

    /**
     * Fails when anything differs.
     *
     * @throws AssertionError with all differences
     */
    public void mustAgree() {
      if (configurations < 2 || expected.isEmpty()) {
        throw new AssertionError("nothing to compare: " + configurations + " configurations");
      }
      mustSucceed();
    }
  }
}
