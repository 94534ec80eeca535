package dev.unroll.testing;

import static java.util.Map.entry;
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
            Map.ofEntries(
                entry("", List.of()), // the module descriptor
                entry(data, List.of()),
                entry(reference, List.of(data)),
                entry(tolerance, List.of(data, reference)),
                entry(guard, List.of(data, reference, tolerance)),
                entry(KIT + ".jvm", List.of()),
                entry(KIT + ".mutation", List.of(KIT + ".jvm")),
                entry(KIT + ".sweep", List.of(tolerance, KIT + ".jvm", KIT + ".law")),
                entry(KIT + ".law", List.of(data, reference, tolerance, guard)),
                entry(KIT + ".arbitraries", List.of(data, guard)),
                entry(KIT + ".golden", List.of(reference)),
                entry(KIT + ".gradient", List.of(data, reference, tolerance)),
                entry(KIT + ".structure", List.of()))));
  }
}
