package dev.unroll.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void alignsNamesLeftAndFiguresRight() {
    Table table = new Table("name", "GFLOP/s");
    table.row("a longer name", "7.1");
    table.row("b", "113.25");
    assertEquals(
        """
        | name          | GFLOP/s |
        | ------------- | -------:|
        | a longer name |     7.1 |
        | b             |  113.25 |
        """,
        table.render());
  }

  @Test
  void refusesARowOfAnotherLength() {
    Table table = new Table("name", "value");
    assertThrows(IllegalArgumentException.class, () -> table.row("alone"));
  }

  @Test
  void figuresAreWrittenAlikeEverywhere() {
    assertEquals("9.99", Figures.rate(9.99));
    assertEquals("112.3", Figures.rate(112.34));
    assertEquals("-", Figures.rate(0));
    assertEquals("-", Figures.rate(Double.NaN));
    assertEquals("95.5%", Figures.percent(0.9549));
    assertEquals("1.5 MiB", Figures.bytes(3 << 19));
  }
}
