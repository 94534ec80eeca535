package dev.unroll.teeth;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources change: in every build, each bug to plant must still have its place. */
@Tag("once")
class PlantsTest {

  @ParameterizedTest
  @MethodSource("dev.unroll.teeth.Teeth#all")
  void stillHasItsPlace(Plant plant) throws IOException {
    String source =
        Files.readString(Path.of("src", "main", "java").resolve(plant.mutation().file()));
    assertNotEquals(source, plant.mutation().applyTo(source));
  }
}
