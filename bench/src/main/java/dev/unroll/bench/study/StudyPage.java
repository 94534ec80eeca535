package dev.unroll.bench.study;

import java.util.List;

/** Studies as one HTML page that needs nothing else. */
public final class StudyPage {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Unroll: studies of gradient flow</title>
      <style>
      :root{color-scheme:light dark;--b:#fff;--t:#222;--l:#ccc;--bad:#b00020}
      @media (prefers-color-scheme:dark){:root{--b:#161616;--t:#ddd;--l:#444;--bad:#ff7b7b}}
      body{background:var(--b);color:var(--t);font:15px/1.5 system-ui,sans-serif;max-width:60rem;\
      margin:2rem auto;padding:0 1rem}
      table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}
      th,td{border:1px solid var(--l);padding:.2rem .5rem;text-align:right}
      th:first-child,td:first-child{text-align:left}
      .bad{color:var(--bad);font-weight:600}
      pre{white-space:pre-wrap}
      svg{max-width:100%;height:auto}
      </style>
      </head>
      <body>
      <h1>Studies of gradient flow</h1>
      """;

  private StudyPage() {}

  /** The page. */
  public static String of(List<StudyResult> results) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append("<ul>\n");
    for (StudyResult result : results) {
      page.append(
          "<li><a href=\"#%s\">%s</a></li>\n".formatted(result.name(), text(result.title())));
    }
    page.append("</ul>\n");
    for (StudyResult result : results) {
      page.append("<h2 id=\"%s\">%s</h2>\n".formatted(result.name(), text(result.title())));
      page.append("<p>").append(text(result.summary())).append("</p>\n");
      result.figures().forEach(page::append);
      table(page, result.rows());
      if (!result.report().isEmpty()) {
        page.append("<pre>").append(text(result.report())).append("</pre>\n");
      }
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static void table(StringBuilder page, List<Row> rows) {
    page.append("<table>\n<tr><th>quantity</th><th>expected</th><th>measured</th>")
        .append("<th>tolerance</th><th>source</th><th></th></tr>\n");
    for (Row row : rows) {
      page.append("<tr>");
      for (String cell :
          List.of(row.quantity(), row.expected(), row.measured(), row.tolerance(), row.source())) {
        page.append("<td>").append(text(cell)).append("</td>");
      }
      page.append(row.passed() ? "<td>ok</td>" : "<td class=\"bad\">outside</td>")
          .append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static String text(String plain) {
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
