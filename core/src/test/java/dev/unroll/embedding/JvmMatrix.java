package dev.unroll.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.testing.jvm.HashMatrix;
import dev.unroll.testing.jvm.Jdk;
import dev.unroll.testing.jvm.JvmConfiguration;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same bits of every kernel in every configuration of the JVM, cold and compiled: {@code mvn
 * -Pmatrix verify}.
 *
 * <p>The compiler's support for vectors still has bugs that show in one configuration only, so one
 * is not enough.
 */
class JvmMatrix {

  private static final Path JAR = Build.path("unroll.jar");

  /** Enough for C2 to compile every kernel. */
  private static final String ROUNDS = "500";

  /** What the library itself can be told, and the vectorized twin where it would not be chosen. */
  private static final List<JvmConfiguration> OWN =
      List.of(
          JvmConfiguration.compiled("-Ddev.unroll.twin=scalar"),
          JvmConfiguration.compiled("-Ddev.unroll.vectorBits=256"),
          JvmConfiguration.compiled("-Ddev.unroll.vectorBits=128"),
          JvmConfiguration.slow("-Xint -Ddev.unroll.twin=simd"),
          JvmConfiguration.slow("-XX:TieredStopAtLevel=1 -Ddev.unroll.twin=simd"),
          JvmConfiguration.slow("-XX:-UseFMA -Ddev.unroll.twin=simd"));

  @TempDir private static Path work;

  private static final HashMatrix.Report REPORT = new HashMatrix.Report();

  private static HashMatrix matrix() {
    return HashMatrix.of(work, work + File.pathSeparator + JAR, "consumer.Consumer")
        .arguments(each -> List.of(each.compiled() ? ROUNDS : "1"));
  }

  @BeforeAll
  static void compileTheConsumer() {
    Path source = Build.path("unroll.embedding").resolve("Consumer.java");
    Jdk.javac(work, "-cp", JAR.toString(), "-d", work.toString(), source.toString()).mustSucceed();
    // The plainest of all is what the others are compared with: no vectors, nothing compiled.
    JvmConfiguration plainest = JvmConfiguration.slow("");
    assertEquals(List.of(), REPORT.add(plainest, matrix().run(plainest)));
  }

  static Stream<JvmConfiguration> configurations() {
    List<JvmConfiguration> all = new ArrayList<>();
    // The module absent; every other configuration has it.
    all.add(JvmConfiguration.standard());
    Stream.concat(JvmConfiguration.all(RandomGenerator.getDefault()).stream(), OWN.stream())
        .map(JvmConfiguration::withVectors)
        .forEach(all::add);
    return all.stream();
  }

  /** A difference names the kernel, the configuration and the whole command, seeds included. */
  @ParameterizedTest
  @MethodSource("configurations")
  void theSameBits(JvmConfiguration configuration) {
    assertEquals(List.of(), REPORT.add(configuration, matrix().run(configuration)));
  }

  @AfterAll
  static void summary() {
    System.out.printf(
        "%d configurations, %d kernels, %d differences%n",
        REPORT.configurations(), REPORT.hashes().size(), REPORT.differences().size());
    REPORT.mustAgree();
  }
}
