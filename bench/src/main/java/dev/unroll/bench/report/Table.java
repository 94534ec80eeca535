package dev.unroll.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A plain-text table: the first column reads from the left, all others are figures. */
public final class Table {

  private final List<String[]> rows = new ArrayList<>();
  private final int columns;

  /** A table with these column headings. */
  public Table(String... headings) {
    columns = headings.length;
    rows.add(headings.clone());
  }

  /** Adds one row; it has as many cells as there are headings. */
  public void row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns + " columns");
    }
    rows.add(cells.clone());
  }

  /** The table as lines of text, in Markdown, so that it can be pasted as it is. */
  public String render() {
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      line(text, rows.get(r), widths);
      if (r == 0) {
        rule(text, widths);
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String[] row, int[] widths) {
    for (int i = 0; i < row.length; i++) {
      String pad = " ".repeat(widths[i] - row[i].length());
      text.append("| ").append(i == 0 ? row[i] + pad : pad + row[i]).append(' ');
    }
    text.append("|\n");
  }

  private static void rule(StringBuilder text, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      String dashes = "-".repeat(widths[i]);
      text.append(i == 0 ? "| " + dashes + " " : "| " + dashes + ":");
    }
    text.append("|\n");
  }
}
