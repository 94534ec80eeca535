package dev.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SequenceLayoutTest {

  /** Every element has a place of its own, and the places have no gaps. */
  @Test
  void stridesWalkOverEveryElementOnce() {
    int steps = 3;
    int batch = 4;
    int width = 5;
    for (SequenceLayout layout : SequenceLayout.values()) {
      boolean[] seen = new boolean[steps * batch * width];
      for (int t = 0; t < steps; t++) {
        for (int n = 0; n < batch; n++) {
          int at = t * layout.stepStride(batch, width) + n * layout.rowStride(steps, width);
          for (int i = 0; i < width; i++) {
            assertTrue(!seen[at + i], layout + " visits " + (at + i) + " twice");
            seen[at + i] = true;
          }
        }
      }
    }
  }

  @Test
  void namesSayWhatIsTogether() {
    assertEquals(5, SequenceLayout.TIME_MAJOR.rowStride(3, 5));
    assertEquals(20, SequenceLayout.TIME_MAJOR.stepStride(4, 5));
    assertEquals(5, SequenceLayout.BATCH_MAJOR.stepStride(4, 5));
    assertEquals(15, SequenceLayout.BATCH_MAJOR.rowStride(3, 5));
  }
}
