package dev.unroll.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.embedding.Jdk.Outcome;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same bits in every configuration of the JVM, cold and compiled: {@code mvn -Pmatrix verify}.
 *
 * <p>The compiler's support for vectors still has bugs that show in one configuration only, so one
 * is not enough.
 */
class JvmMatrix {

  private static final Path JAR = Jdk.fromBuild("unroll.jar");

  /** Enough for C2 to compile every kernel. */
  private static final String ROUNDS = "500";

  @TempDir private static Path work;

  private static String hash;

  @BeforeAll
  static void compileTheConsumer() {
    Path source = Jdk.fromBuild("unroll.embedding").resolve("Consumer.java");
    Jdk.javac(work, "-cp", JAR.toString(), "-d", work.toString(), source.toString()).mustSucceed();
    hash = run("1", List.of()).value("hash");
  }

  private static Outcome run(String rounds, List<String> options) {
    List<String> arguments = new ArrayList<>(List.of("--add-modules=jdk.incubator.vector"));
    // Flags that this CPU or this VM does not have change nothing.
    arguments.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+IgnoreUnrecognizedVMOptions"));
    arguments.addAll(options);
    arguments.addAll(List.of("-cp", work + File.pathSeparator + JAR, "consumer.Consumer", rounds));
    return Jdk.java(work, arguments.toArray(String[]::new)).mustSucceed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:UseAVX=3",
        "-XX:UseAVX=2",
        "-XX:UseAVX=1",
        "-XX:UseAVX=0",
        "-XX:UseSVE=0",
        "-XX:MaxVectorSize=32",
        "-XX:MaxVectorSize=16",
        "-XX:MaxVectorSize=8",
        "-XX:UseAVX=2 -XX:MaxVectorSize=16",
        "-XX:TieredStopAtLevel=1",
        "-XX:-TieredCompilation",
        "-XX:-UseFMA",
        "-XX:+UseSerialGC",
        "-XX:+UseParallelGC",
        "-XX:+UseZGC",
        "-XX:+UseShenandoahGC",
        "-XX:+UseCompactObjectHeaders",
        "-XX:-UseCompressedOops",
        "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
        "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=1",
        "-XX:+UseKNLSetting",
        "-Ddev.unroll.twin=scalar",
        "-Ddev.unroll.vectorBits=256",
        "-Ddev.unroll.vectorBits=128"
      })
  void hot(String options) {
    assertEquals(hash, run(ROUNDS, List.of(options.split(" "))).value("hash"), options);
  }

  /** Either way the vectors are objects then, so one round has to do. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xcomp",
        "-Xint",
        "-Xint -Ddev.unroll.twin=simd",
        "-XX:TieredStopAtLevel=1 -Ddev.unroll.twin=simd",
        "-XX:-UseFMA -Ddev.unroll.twin=simd"
      })
  void slow(String options) {
    assertEquals(hash, run("1", List.of(options.split(" "))).value("hash"), options);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+StressIGVN",
        "-XX:+StressLCM",
        "-XX:+StressGCM",
        "-XX:+StressCCP",
        "-XX:+StressIncrementalInlining",
        "-XX:+StressIGVN -XX:+StressCCP -XX:+StressLCM -XX:+StressGCM"
      })
  void compilerThatShufflesItsWork(String options) {
    // The command is part of each failure, so the seed is too.
    String seed = "-XX:StressSeed=" + RandomGenerator.getDefault().nextInt(1, Integer.MAX_VALUE);
    List<String> all = new ArrayList<>(List.of(options.split(" ")));
    all.add(seed);
    assertEquals(hash, run(ROUNDS, all).value("hash"), () -> options + " " + seed);
  }
}
