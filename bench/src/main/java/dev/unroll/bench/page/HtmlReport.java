package dev.unroll.bench.page;

import dev.unroll.bench.results.ReportDocument;
import java.util.List;

/** A report as one HTML page that needs nothing else: the tables of the Markdown, and plots. */
public final class HtmlReport {

  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}
      table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}
      td,th{border-bottom:1px solid #ddd;padding:.2rem .6rem;text-align:right;font-variant-numeric:tabular-nums}
      td:first-child,th:first-child{text-align:left}
      svg{max-width:100%;height:auto}
      """;

  private HtmlReport() {}

  /** The page. */
  public static String of(ReportDocument document) {
    StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
    page.append("<meta charset=\"utf-8\">\n<title>What this machine can do</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>What this machine can do</h1>\n");
    try {
      Plots.of(document.results())
          .forEach(
              (title, svg) ->
                  page.append("<h2>").append(escape(title)).append("</h2>\n").append(svg));
    } catch (Plots.CannotDrawException e) {
      page.append("<h2>No plots</h2>\n<p>").append(escape(e.toString())).append("</p>\n");
    }
    body(MarkdownReport.of(document, 2), page);
    return page.append("</body>\n</html>\n").toString();
  }

  /** Headings, tables, lists and paragraphs: all that the Markdown has. */
  private static void body(String markdown, StringBuilder page) {
    boolean table = false;
    boolean list = false;
    for (String line : markdown.split("\n", -1)) {
      boolean row = line.startsWith("| ");
      boolean item = line.startsWith("- ");
      if (table && !row) {
        page.append("</table>\n");
      }
      if (list && !item) {
        page.append("</ul>\n");
      }
      if (row) {
        if (!line.matches("\\|[ :|-]+")) {
          row(line, table ? "td" : "th", table, page);
        }
      } else if (item) {
        page.append(list ? "" : "<ul>\n").append("<li>").append(escape(line.substring(2)));
        page.append("</li>\n");
      } else if (line.startsWith("#")) {
        int level = line.indexOf(' ');
        page.append("<h").append(level).append('>').append(escape(line.substring(level + 1)));
        page.append("</h").append(level).append(">\n");
      } else if (!line.isBlank()) {
        page.append("<p>").append(escape(line)).append("</p>\n");
      }
      table = row;
      list = item;
    }
  }

  private static void row(String line, String cell, boolean open, StringBuilder page) {
    page.append(open ? "<tr>" : "<table>\n<tr>");
    String inner = line.substring(1, line.length() - 1);
    for (String text : List.of(inner.split("\\|", -1))) {
      page.append('<').append(cell).append('>').append(escape(text.strip()));
      page.append("</").append(cell).append('>');
    }
    page.append("</tr>\n");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
