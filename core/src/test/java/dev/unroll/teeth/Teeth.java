package dev.unroll.teeth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.unroll.internal.spi.Capabilities;
import dev.unroll.testing.jvm.Outcome;
import dev.unroll.testing.mutation.Mutants;
import dev.unroll.testing.mutation.Mutation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plants the bugs, one at a time, and expects the tests of the normal build to fail:
 *
 * <pre>{@code
 * mvn -Pteeth -pl core -am verify
 * mvn -Pteeth -pl core -am verify -Dunroll.plant=padding
 * }</pre>
 *
 * <p>The second runs only bugs whose description has the given word. At the end stands a table of
 * what caught what.
 */
class Teeth {

  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final List<String> TABLE = new ArrayList<>();

  @TempDir private static Path work;

  private static Mutants mutants() {
    Path root =
        Path.of(Objects.requireNonNull(System.getProperty("unroll.root"), "set by the build"));
    return Mutants.of(
            root.resolve("core/src/main/java"), System.getProperty("java.class.path"), work)
        .compiler(VECTOR);
  }

  static List<Plant> all() {
    return Stream.of(
            ActivationPlants.all(), ProductPlants.all(), CellPlants.all(), OtherPlants.all())
        .flatMap(List::stream)
        .toList();
  }

  static Stream<Plant> plants() {
    String word = System.getProperty("unroll.plant", "");
    return all().stream().filter(plant -> plant.mutation().bug().contains(word));
  }

  private static List<String> options(boolean plainTwin) {
    return plainTwin ? List.of() : List.of(VECTOR);
  }

  private static List<String> options(Plant plant) {
    List<String> options = new ArrayList<>(options(plant.inPlainTwin()));
    if (plant.registers() == 16) {
      options.add("-XX:+IgnoreUnrecognizedVMOptions");
      options.add("-XX:UseAVX=2");
    }
    return options;
  }

  private static List<String> program(Area area) {
    List<String> program = new ArrayList<>(List.of(RunTests.class.getName()));
    program.addAll(area.tests());
    return program;
  }

  @ParameterizedTest
  @MethodSource("plants")
  void theTestsCatch(Plant plant) {
    assumeTrue(
        plant.registers() <= Capabilities.current().vectorRegisters(),
        () -> "code for machines with " + plant.registers() + " vector registers");
    Outcome outcome = mutants().run(plant.mutation(), options(plant), program(plant.area()));
    boolean caught = outcome.exitCode() == RunTests.FAILED;
    TABLE.add(
        "| %s | %s | %s |"
            .formatted(
                plant.mutation().file().replaceAll(".*/|\\.java", ""),
                plant.mutation().bug(),
                caught ? test(outcome.value("caught")) : "SURVIVES"));
    assertTrue(caught, () -> plant.mutation().bug() + " survives: " + outcome);
  }

  /** The last parts of the test's id: its class and what it checks. */
  private static String test(String id) {
    String readable = id.replaceAll("[\\[\\]]", "").replaceAll("[a-z-]+:", "");
    return readable
        .replaceFirst("^[^/]*/", "")
        .replaceAll("\\([^)]*\\)", "")
        .replace("dev.unroll.", "");
  }

  /** Without a bug the same tests succeed, so it is the bug that they catch. */
  @ParameterizedTest
  @MethodSource("areas")
  void withoutABugTheySucceed(Area area, boolean plainTwin) {
    // An empty change.
    Plant none =
        Plant.in(area, "no bug", "check/Checks", "private Checks() {}", "private Checks() {}");
    Outcome outcome = mutants().run(none.mutation(), options(plainTwin), program(area));
    assertEquals(0, outcome.exitCode(), outcome::toString);
    int tested = Integer.parseInt(outcome.value("tested"));
    assertEquals(area.tests().size(), tested, outcome::toString);
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> areas() {
    return Stream.of(Area.values())
        .flatMap(
            area ->
                Stream.of(true, false)
                    .map(plain -> org.junit.jupiter.params.provider.Arguments.of(area, plain)));
  }

  @Test
  void thereAreEnough() {
    List<Mutation> bugs = all().stream().map(Plant::mutation).distinct().toList();
    assertEquals(all().size(), bugs.size(), "each bug once");
    assertTrue(bugs.size() >= 15, () -> bugs.size() + " bugs");
    for (Area area : Area.values()) {
      assertTrue(all().stream().anyMatch(plant -> plant.area() == area), () -> "none in " + area);
    }
  }

  @AfterAll
  static void table() {
    System.out.println("| class | bug | caught by |\n|---|---|---|");
    TABLE.forEach(System.out::println);
  }
}
