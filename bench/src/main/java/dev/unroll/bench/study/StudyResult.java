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
 * @param report more text, line by line; may be empty
 */
public record StudyResult(
    String name,
    String title,
    String summary,
    List<Row> rows,
    List<String> figures,
    String report) {

  /** A result without a report. */
  public StudyResult(
      String name, String title, String summary, List<Row> rows, List<String> figures) {
    this(name, title, summary, rows, figures, "");
  }

  /** The same with a report. */
  public StudyResult withReport(String text) {
    return new StudyResult(name, title, summary, rows, figures, text);
  }

  /** Whether all rows are within their tolerances. */
  public boolean passed() {
    return rows.stream().allMatch(Row::passed);
  }

  /** Heading, table and report for a terminal. */
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
    String more = report.isEmpty() ? "" : "\n" + report;
    return title + "\n\n" + table.render() + more;
  }
}
