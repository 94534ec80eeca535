package dev.unroll;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.structure.ClassFiles;
import dev.unroll.testing.structure.StructureRules;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The plan of the house, enforced on the compiled classes of this module. */
@Tag("once")
class HouseStructureTest {

  private static final String INTERNAL = "dev.unroll.internal.*";

  /** Who may use whom. What is behind the seam uses nothing before it. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          entry("dev.unroll", List.of(INTERNAL)),
          entry("dev.unroll.kernel", List.of(INTERNAL)),
          entry("dev.unroll.cell", List.of("dev.unroll.kernel", INTERNAL)),
          entry(
              "dev.unroll.flow",
              List.of("dev.unroll.cell", "dev.unroll.layer", "dev.unroll.kernel", INTERNAL)),
          entry("dev.unroll.flow.attractor", List.of("dev.unroll.flow")),
          entry("dev.unroll.flow.task", List.of()),
          entry("dev.unroll.layer", List.of("dev.unroll.cell", "dev.unroll.kernel", INTERNAL)),
          entry("dev.unroll.train", List.of("dev.unroll.cell", "dev.unroll.kernel", INTERNAL)),
          entry(
              "dev.unroll.io", List.of("dev.unroll.cell", "dev.unroll.layer", "dev.unroll.kernel")),
          entry("dev.unroll.internal.check", List.of()),
          entry("dev.unroll.internal.random", List.of()),
          entry("dev.unroll.internal.svg", List.of()),
          // The twins meet in the choice between them, which finds the vectorized one by its name.
          entry("dev.unroll.internal.spi", List.of(INTERNAL)),
          entry("dev.unroll.internal.scalar", List.of(INTERNAL)),
          entry("dev.unroll.internal.simd", List.of(INTERNAL)),
          entry("dev.unroll.internal.pack", List.of(INTERNAL)),
          entry("dev.unroll.internal.parallel", List.of(INTERNAL)));

  private static final ClassFiles CORE = ClassFiles.under(classes());

  private static Path classes() {
    try {
      return Path.of(Platform.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException unusable) {
      throw new IllegalStateException(unusable);
    }
  }

  @Test
  void allOfCoreIsJudged() {
    assertTrue(
        CORE.packages()
            .containsAll(List.of("dev.unroll", "dev.unroll.kernel", "dev.unroll.internal.simd")),
        CORE.packages().toString());
  }

  @Test
  void onlyTheVectorizedTwinImportsTheVectorApi() {
    CORE.mustKeep(
        StructureRules.onlyImportedBy(
            "jdk.incubator.vector",
            "dev.unroll.internal.simd",
            // The module descriptor, which has no package, names the module.
            ""));
  }

  @Test
  void nothingLinksToTheVectorizedTwin() {
    CORE.mustKeep(
        StructureRules.onlyImportedBy("dev.unroll.internal.simd", "dev.unroll.internal.simd", ""));
  }

  @Test
  void speciesAreConstants() {
    CORE.mustKeep(StructureRules.constantOnly("jdk.incubator.vector.VectorSpecies"));
  }

  /** Their results depend on the CPU, or their order is left open. */
  @Test
  void noOperationIsUsedWhoseBitsDependOnTheMachine() {
    CORE.mustKeep(
        StructureRules.neverUses(
            "jdk.incubator.vector.VectorOperators",
            Set.of(
                "ACOS", "ASIN", "ATAN", "ATAN2", "CBRT", "COS", "COSH", "EXP", "EXPM1", "HYPOT",
                "LOG", "LOG10", "LOG1P", "POW", "SIN", "SINH", "TAN", "TANH")));
    CORE.mustKeep(
        StructureRules.neverUses("jdk.incubator.vector.FloatVector", Set.of("reduceLanes")));
    CORE.mustKeep(
        StructureRules.neverUses(
            "java.lang.Math", Set.of("exp", "expm1", "tanh", "sinh", "cosh", "pow")));
  }

  /** Without the instruction, {@code Math.fma} is thousands of times slower. */
  @Test
  void onlyTheChosenFmaIsUsed() {
    CORE.mustKeep(
        StructureRules.neverUses(
            "java.lang.Math", Set.of("fma"), "dev.unroll.internal.scalar.Fma"));
  }

  @Test
  void theVmCompilesEveryMethod() {
    CORE.mustKeep(StructureRules.noMethodLongerThan(StructureRules.LONGEST_COMPILED_METHOD));
  }

  @Test
  void roomsUseOnlyWhatThePlanAllows() {
    CORE.mustKeep(
        type ->
            type.isModuleInfo()
                ? List.of()
                : StructureRules.usesOnly("dev.unroll", MAY_USE).breaches(type));
  }
}
