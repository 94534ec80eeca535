package dev.unroll.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.structure.ClassFiles;
import dev.unroll.testing.structure.StructureRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plan of the kit, on its class files. */
class KitStructureTest {

  private static final String KIT = "dev.unroll.testing";

  private final ClassFiles classes = ClassFiles.under(Path.of("target/classes"));

  @BeforeEach
  void classesWereFound() {
    assertTrue(classes.size() > 20, "classes: " + classes.size());
  }

  @Test
  void onlyTheGeneratorsNeedJqwik() {
    classes.mustKeep(StructureRules.onlyImportedBy("net.jqwik", KIT + ".arbitraries"));
  }

  @Test
  void noTestEngineIsNeeded() {
    classes.mustKeep(StructureRules.onlyImportedBy("org.junit"));
    classes.mustKeep(StructureRules.onlyImportedBy("org.opentest4j"));
  }

  @Test
  void layersUseTheOnesBelow() {
    String data = KIT + ".data";
    String reference = KIT + ".reference";
    String tolerance = KIT + ".tolerance";
    String guard = KIT + ".guard";
    classes.mustKeep(
        StructureRules.usesOnly(
            "dev.unroll",
            Map.of(
                "", // the module descriptor
                List.of(),
                data,
                List.of(),
                reference,
                List.of(data),
                tolerance,
                List.of(data, reference),
                guard,
                List.of(data, reference, tolerance),
                KIT + ".arbitraries",
                List.of(data, guard),
                KIT + ".golden",
                List.of(),
                KIT + ".gradient",
                List.of(data, reference, tolerance),
                KIT + ".structure",
                List.of())));
  }
}
