package dev.unroll.bench.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {

  private static final LayerShape SHAPE = new LayerShape(10, 3, 5, 7);

  /** 2 T N G H (I + H), by hand: 2 * 10 * 3 * G * 7 * 12. */
  @ParameterizedTest
  @CsvSource({
    "LSTM,FORWARD,20160", "GRU,FORWARD,15120", "RNN,FORWARD,5040",
    "LSTM,TRAINING,60480", "GRU,TRAINING,45360", "RNN,TRAINING,15120",
    "LSTM,STEP,2016", "GRU,STEP,1512", "RNN,STEP,504"
  })
  void countsTheProducts(Cell cell, Pass pass, double flops) {
    assertEquals(flops, new Task(cell, SHAPE, pass, 1).flops());
  }

  @Test
  void readsAndWritesShapes() {
    assertEquals(SHAPE, LayerShape.parse("10, 3,5,7"));
    assertEquals("T10 N3 I5 H7", SHAPE.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,2,3", "1,2,3,4,5", "", "1,2,3,0", "-1,2,3,4", "a,2,3,4"})
  void refusesOtherShapes(String text) {
    assertThrows(IllegalArgumentException.class, () -> LayerShape.parse(text));
  }

  @Test
  void aSingleRowIsBoundByItsLoadsAndByThePeak() {
    Task task = new Task(Cell.LSTM, new LayerShape(10, 1, 5, 7), Pass.FORWARD, 1);
    // Loads that cost nothing leave the inputs' products alone, at the peak.
    assertEquals(100 * 12 / 5.0, task.singleRowCeiling(1e12, 100), 1e-3);
    // A peak that costs nothing leaves the loads: half an operation for each byte.
    assertEquals(40 / 2.0 * 12 / 7, task.singleRowCeiling(40, 1e12), 1e-3);
    assertTrue(task.readsWeightsOnce());
  }
}
