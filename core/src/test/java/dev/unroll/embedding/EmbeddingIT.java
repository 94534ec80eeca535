package dev.unroll.embedding;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.ThisCpu;
import dev.unroll.testing.jvm.Jdk;
import dev.unroll.testing.jvm.Outcome;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tiny consumer embeds the jar in all the ways that are promised; the bits are always the same.
 */
class EmbeddingIT {

  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final Path JAR = Build.path("unroll.jar");
  private static final Path EMBEDDING = Build.path("unroll.embedding");

  @TempDir private static Path work;

  private static Path classes;
  private static Path moduleWithVector;
  private static Path moduleWithout;
  private static String version;
  private static String hash;

  @BeforeAll
  static void compileTheConsumer() throws IOException {
    Path source = EMBEDDING.resolve("Consumer.java");
    classes = work.resolve("classes");
    Jdk.javac(work, "-cp", JAR.toString(), "-d", classes.toString(), source.toString())
        .mustSucceed();
    moduleWithVector = module("with", "requires jdk.incubator.vector;", source);
    moduleWithout = module("without", "", source);
    // The plainest of all is what the others are compared with.
    Outcome plainest = onClassPath().mustSucceed();
    version = plainest.value("numerics");
    hash = plainest.value("hash");
  }

  private static Path module(String name, String more, Path source) throws IOException {
    Path descriptor =
        Files.createDirectories(work.resolve(name + "-src")).resolve("module-info.java");
    Files.writeString(descriptor, "module consumer { requires dev.unroll.core; " + more + " }");
    Path target = work.resolve(name);
    Jdk.javac(
            work,
            "-p",
            JAR.toString(),
            "-d",
            target.toString(),
            descriptor.toString(),
            source.toString())
        .mustSucceed();
    return target;
  }

  private static Outcome onClassPath(String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-cp", classes + File.pathSeparator + JAR, "consumer.Consumer"));
    return Jdk.java(work, arguments.toArray(String[]::new));
  }

  private static Outcome onModulePath(Path module, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(
        List.of("-p", module + File.pathSeparator + JAR, "-m", "consumer/consumer.Consumer"));
    return Jdk.java(work, arguments.toArray(String[]::new));
  }

  private static void expectSimd(int bits, Outcome outcome) {
    if (bits == 0) {
      // This CPU has no vector unit of that kind.
      expectScalar("", outcome);
      return;
    }
    outcome.mustSucceed();
    assertAll(
        outcome.toString(),
        () -> assertEquals("SIMD", outcome.value("twin")),
        () -> assertEquals(Integer.toString(bits), outcome.value("bits")),
        () -> assertEquals(hash, outcome.value("hash")),
        () -> assertLogged("simd kernels at " + bits + " bits", outcome));
  }

  private static void expectScalar(String reason, Outcome outcome) {
    outcome.mustSucceed();
    assertAll(
        outcome.toString(),
        () -> assertEquals("SCALAR", outcome.value("twin")),
        () -> assertEquals("0", outcome.value("bits")),
        () -> assertTrue(outcome.value("reason").contains(reason)),
        () -> assertEquals(hash, outcome.value("hash")),
        () -> assertLogged("scalar kernels", outcome),
        () -> assertLogged(reason, outcome));
  }

  /** One line, not more, tells which kernels run. */
  private static void assertLogged(String part, Outcome outcome) {
    List<String> lines =
        outcome.err().lines().filter(line -> line.contains("Unroll runs its ")).toList();
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().contains(part));
  }

  @Test
  void theBitsAreThoseOfTheNumericsVersion() throws IOException {
    Properties known = new Properties();
    try (Reader file = Files.newBufferedReader(EMBEDDING.resolve("numerics.properties"))) {
      known.load(file);
    }
    assertEquals(
        known.getProperty(version),
        hash,
        "a kernel gives other bits than numerics version "
            + version
            + " did: raise it in Platform, say in CHANGELOG.md which bits changed, and add the new"
            + " hash to numerics.properties (before the first release: replace it there)");
  }

  @Test
  void classPathWithTheModule() {
    expectSimd(ThisCpu.vectorBits(), onClassPath(VECTOR));
  }

  @Test
  void classPathWithoutTheModule() {
    expectScalar(VECTOR.replace('=', ' '), onClassPath());
  }

  @Test
  void modulePathOfAnApplicationThatRequiresTheModule() {
    expectSimd(ThisCpu.vectorBits(), onModulePath(moduleWithVector));
  }

  @Test
  void modulePathOfAnApplicationThatDoesNot() {
    expectScalar(VECTOR.replace('=', ' '), onModulePath(moduleWithout));
  }

  @Test
  void modulePathWithTheModuleAdded() {
    expectSimd(ThisCpu.vectorBits(), onModulePath(moduleWithout, VECTOR));
  }

  @ParameterizedTest
  @CsvSource({
    "-Xint, interprets",
    "-XX:TieredStopAtLevel=1, TieredStopAtLevel=1",
    "-XX:TieredStopAtLevel=0, interprets",
    "-XX:CompilationMode=quick-only, C2 is off",
    "-XX:-UseFMA, UseFMA",
    "-XX:MaxVectorSize=8, MaxVectorSize is 8",
    "-Ddev.unroll.twin=scalar, dev.unroll.twin=scalar"
  })
  void aVmThatHoldsVectorsBack(String option, String reason) {
    // A CPU that lacks even more is asked for its own reason first.
    expectScalar(ThisCpu.vectorBits() == 0 ? "" : reason, onClassPath(VECTOR, option));
  }

  @Test
  void avxWithoutAvx2() {
    if (ThisCpu.isX86()) {
      expectScalar("AVX2", onClassPath(VECTOR, "-XX:UseAVX=1"));
      expectSimd(Math.min(256, ThisCpu.vectorBits()), onClassPath(VECTOR, "-XX:UseAVX=2"));
    } else {
      expectSimd(ThisCpu.vectorBits(), onClassPath(VECTOR));
    }
  }

  @ParameterizedTest
  @CsvSource({"-XX:MaxVectorSize=16, 128", "-Ddev.unroll.vectorBits=128, 128"})
  void narrowerVectors(String option, int bits) {
    expectSimd(Math.min(bits, ThisCpu.vectorBits()), onClassPath(VECTOR, option));
  }

  @Test
  void theCapTakesAWidthInBetween() {
    expectSimd(
        Math.min(256, ThisCpu.vectorBits()), onClassPath(VECTOR, "-Ddev.unroll.vectorBits=256"));
  }

  @Test
  void aRunTimeImageWithoutManagement() {
    expectScalar(
        "flags cannot be read",
        onClassPath(VECTOR, "--limit-modules=java.base,java.logging,jdk.incubator.vector"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "scalar"})
  void compiledKernelsGiveTheBitsOfInterpretedOnes(String twin) {
    Outcome outcome =
        Jdk.java(
            work,
            VECTOR,
            "-Ddev.unroll.twin=" + twin,
            "-cp",
            classes + File.pathSeparator + JAR,
            "consumer.Consumer",
            "500");
    assertEquals(hash, outcome.mustSucceed().value("hash"), outcome.toString());
  }

  @Test
  void vectorsForcedWithoutC2() {
    Outcome forced = onClassPath(VECTOR, "-XX:TieredStopAtLevel=1", "-Ddev.unroll.twin=simd");
    forced.mustSucceed();
    assertEquals("SIMD", forced.value("twin"));
    assertEquals(hash, forced.value("hash"));
  }

  @ParameterizedTest
  @CsvSource({
    "-Ddev.unroll.twin=fast, 'dev.unroll.twin must be auto, simd or scalar, but is ''fast'''",
    "-Ddev.unroll.vectorBits=64, 'dev.unroll.vectorBits must be 128, 256 or 512, but is ''64'''",
    "-Ddev.unroll.twin=simd, dev.unroll.twin=simd cannot be obeyed: module jdk.incubator.vector"
  })
  void whatCannotBeObeyedIsRefused(String option, String message) {
    Outcome refused = onClassPath(option);
    assertNotEquals(0, refused.exitCode(), refused.toString());
    assertTrue(refused.err().contains("IllegalStateException: " + message), refused.toString());
  }
}
