package dev.unroll.bench.matmul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {

  @Test
  void readsThreeNumbers() {
    assertEquals(new Shape(32, 1024, 256), Shape.parse("32,1024, 256"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1,2", "1,2,3,4", "1,2,x", "0,2,3", "1,-2,3"})
  void refusesEverythingElse(String text) {
    assertThrows(IllegalArgumentException.class, () -> Shape.parse(text));
  }

  @Test
  void countsFlopsBeyondTheRangeOfInt() {
    assertEquals(2.0 * 2048 * 2048 * 2048, new Shape(2048, 2048, 2048).flops());
  }

  @Test
  void skinnyMeansFewRowsOfLongerOnes() {
    assertTrue(new Shape(64, 512, 128).skinny());
    assertFalse(new Shape(64, 64, 64).skinny());
    assertFalse(new Shape(65, 512, 128).skinny());
  }

  @Test
  void theGroupsCoverEachOtherWithoutRepeats() {
    List<Shape> all = Shapes.ALL.list();
    assertEquals(new HashSet<>(all).size(), all.size());
    for (Shapes group : Shapes.values()) {
      assertTrue(new HashSet<>(all).containsAll(group.list()), group.name());
    }
    assertTrue(all.contains(new Shape(1, 2600, 650)));
    assertTrue(all.contains(new Shape(300, 300, 300)));
  }
}
