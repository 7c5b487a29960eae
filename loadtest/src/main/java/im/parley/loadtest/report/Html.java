package im.parley.loadtest.report;

import java.util.List;
import java.util.Map;

/** Builds one self-contained page: no script, no font, no picture from elsewhere. */
final class Html {
  private static final String STYLE =
      "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:760px;padding:0 1rem;color:#111;background:#fff}"
          + "h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}p{margin:.3rem 0;color:#444}"
          + "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
          + "th,td{padding:.25rem .5rem;border-bottom:1px solid #e5e7eb;text-align:right}"
          + "th:first-child,td:first-child{text-align:left}th{font-weight:600;color:#555}"
          + "svg{display:block;width:100%;height:auto;margin:.8rem 0;border:1px solid #e5e7eb;border-radius:6px}"
          + ".bad{background:#fef2f2;border:1px solid #fca5a5;border-radius:6px;padding:.5rem .8rem;color:#991b1b}"
          + "code{font-size:.9em;overflow-wrap:anywhere}";

  private final StringBuilder page = new StringBuilder();

  Html(String title) {
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(escape(title))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>")
        .append(escape(title))
        .append("</h1>");
  }

  Html paragraph(String text) {
    page.append("<p>").append(escape(text)).append("</p>");
    return this;
  }

  Html code(String text) {
    page.append("<p><code>").append(escape(text)).append("</code></p>");
    return this;
  }

  Html warning(String text) {
    page.append("<p class=\"bad\">").append(escape(text)).append("</p>");
    return this;
  }

  Html heading(String text) {
    page.append("<h2>").append(escape(text)).append("</h2>");
    return this;
  }

  Html facts(Map<String, Double> facts) {
    return table(
        List.of(),
        facts.entrySet().stream()
            .map(fact -> List.of(fact.getKey(), Facts.text(fact.getValue())))
            .toList());
  }

  Html table(List<String> head, List<List<String>> rows) {
    page.append("<table>");
    if (!head.isEmpty()) {
      row("th", head);
    }
    rows.forEach(row -> row("td", row));
    page.append("</table>");
    return this;
  }

  private void row(String cell, List<String> values) {
    page.append("<tr>");
    for (String value : values) {
      page.append('<').append(cell).append('>').append(escape(value));
      page.append("</").append(cell).append('>');
    }
    page.append("</tr>");
  }

  Html picture(Picture picture) {
    page.append(SvgCanvas.of(picture));
    return this;
  }

  String end() {
    return page.append("</body></html>\n").toString();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
