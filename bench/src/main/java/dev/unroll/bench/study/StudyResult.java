package dev.unroll.bench.study;

import dev.unroll.bench.report.Table;
import java.util.List;

/**
 * What a study found.
 *
 * @param name of the study
 * @param title of the study
 * @param summary a few sentences for a reader
 * @param rows quantities and whether they are as expected
 * @param figures SVG elements
 */
public record StudyResult(
    String name, String title, String summary, List<Row> rows, List<String> figures) {

  /** Whether all rows are within their tolerances. */
  public boolean passed() {
    return rows.stream().allMatch(Row::passed);
  }

  /** Heading and table for a terminal. */
  public String describe() {
    Table table = new Table("quantity", "expected", "measured", "tolerance", "source", "");
    for (Row row : rows) {
      table.row(
          row.quantity(),
          row.expected(),
          row.measured(),
          row.tolerance(),
          row.source(),
          row.passed() ? "ok" : "OUTSIDE");
    }
    return title + "\n\n" + table.render();
  }
}
