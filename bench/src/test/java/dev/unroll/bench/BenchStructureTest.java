package dev.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.structure.ClassFiles;
import dev.unroll.testing.structure.StructureRule;
import dev.unroll.testing.structure.StructureRules;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is measured is compiled, and vectors are where they belong, also in the benchmarks. */
class BenchStructureTest {

  private final ClassFiles classes = ClassFiles.under(compiled());

  private static Path compiled() {
    try {
      return Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException unusable) {
      throw new IllegalStateException(unusable);
    }
  }

  @BeforeEach
  void classesWereFound() {
    assertTrue(classes.size() > 20, "classes: " + classes.size());
  }

  @Test
  void speciesAreConstants() {
    classes.mustKeep(written(StructureRules.constantOnly("jdk.incubator.vector.VectorSpecies")));
  }

  @Test
  void theVmCompilesEveryMethod() {
    classes.mustKeep(StructureRules.noMethodLongerThan(StructureRules.LONGEST_COMPILED_METHOD));
  }

  @Test
  void onlyProbesAndTheOpponentUseTheVectorApi() {
    classes.mustKeep(
        StructureRules.onlyImportedBy(
            "jdk.incubator.vector",
            "dev.unroll.bench.probe",
            "dev.unroll.bench.activations",
            // The module descriptor.
            ""));
  }

  /** The code that JMH makes is not ours to judge. */
  private static StructureRule written(StructureRule rule) {
    return type ->
        type.thisClass().asInternalName().contains("/jmh_generated/")
            ? List.of()
            : rule.breaches(type);
  }
}
