package dev.unroll.bench.page;

import dev.unroll.bench.results.ReportDocument;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.suite.Products;
import dev.unroll.bench.suite.Roofline;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Published figures. The raw data lie in {@code bench/results/NAME.json}; {@code BENCHMARKS.md} has
 * a block for each of them, written from the data alone, between two comments:
 *
 * <pre>
 * &lt;!-- report: NAME --&gt;
 * ...
 * &lt;!-- end of report --&gt;
 * </pre>
 *
 * <p>What stands outside the blocks is written by hand and survives. A figure in any other text is
 * marked with where it comes from, {@code 95.8<!-- figure: NAME matmul/64,64,64/Unroll: packed
 * -->}, and must be the median of that measurement, rounded as it is written.
 */
public final class Published {

  private static final Pattern BLOCK =
      Pattern.compile("<!-- report: ([\\w.-]+) -->\n.*?<!-- end of report -->\n", Pattern.DOTALL);

  private static final Pattern FIGURE =
      Pattern.compile("(\\d+(?:\\.(\\d+))?)[^\\S\\n]?<!-- figure: ([\\w.-]+) ([^\\n]+?) -->");

  private static final Pattern NO_LETTERS = Pattern.compile("[^A-Za-z0-9]+");

  private static final String LEGEND =
      """
      Figures are medians over JVMs of the medians of each; `JVM to JVM` tells the lowest and the
      highest of them. `of ceiling`: of the lesser of the FMA peak and the operations for each byte
      times the bandwidth at which a block of that size is loaded. `to best`: over the best peer,
      above 1 where we are faster; taken round by round, so that the machine's drift cancels. A
      product that packs its weights inside the timing is measured against the fastest way of all
      peers that does so, too (`peers packing`); a peer's own column has its fastest way, which may
      use weights that were packed or reordered beforehand. Means `at the ceilings` are those of a
      kernel that would reach every one of them.

      """;

  private Published() {}

  /** Where the raw data of a repository lie. */
  public static Path results(Path repository) {
    return repository.resolve("bench").resolve("results");
  }

  /**
   * Stores a report's data under a name and writes its block of {@code BENCHMARKS.md}: in place of
   * the one of that name, or at the end.
   *
   * @param repository the folder of {@code BENCHMARKS.md}
   */
  public static void publish(Path repository, String name, ReportDocument document)
      throws IOException {
    if (!name.matches("[\\w.-]+")) {
      throw new IllegalArgumentException("a name has letters, digits, dots and dashes: " + name);
    }
    Path page = repository.resolve("BENCHMARKS.md");
    if (!Files.exists(page)) {
      throw new IOException("there is no BENCHMARKS.md in " + repository.toAbsolutePath());
    }
    Files.createDirectories(results(repository));
    Path file = results(repository).resolve(name + ".json");
    document.write(file);
    draw(repository, name, document);
    String text = Files.readString(page);
    String block = block(repository, name);
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      if (blocks.group(1).equals(name)) {
        Files.writeString(
            page, text.substring(0, blocks.start()) + block + text.substring(blocks.end()));
        return;
      }
    }
    Files.writeString(page, text.stripTrailing() + "\n\n" + block);
  }

  /**
   * Writes the block and the plots of a report again, from the data that the repository holds;
   * ceilings, which are derived, anew.
   */
  public static void rewrite(Path repository, String name) throws IOException {
    ReportDocument old = read(repository, name);
    Results results = old.results();
    Roofline.apply(results);
    publish(
        repository,
        name,
        ReportDocument.of(old.created(), old.effort(), old.environment(), old.machine(), results));
  }

  /** The plots, as files beside the data, in place of those of an earlier report. */
  private static void draw(Path repository, String name, ReportDocument document)
      throws IOException {
    for (Path old : pictures(repository, name)) {
      Files.delete(old);
    }
    Map<String, String> plots;
    try {
      plots = Plots.of(document.results());
    } catch (Plots.CannotDrawException e) {
      System.err.println(e.getMessage());
      return;
    }
    for (Map.Entry<String, String> plot : plots.entrySet()) {
      String slug =
          NO_LETTERS.matcher(plot.getKey().replaceFirst("[:;].*", "")).replaceAll("-").strip();
      Files.writeString(
          results(repository).resolve(name + "." + slug.toLowerCase(Locale.ROOT) + ".svg"),
          plot.getValue());
    }
  }

  private static List<Path> pictures(Path repository, String name) throws IOException {
    List<Path> pictures = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(results(repository), name + ".*.svg")) {
      files.forEach(pictures::add);
    }
    pictures.sort(null);
    return pictures;
  }

  private static String jvms(ReportDocument document) {
    int jvms =
        document.results().group(Products.GROUP).stream()
            .mapToInt(m -> m.forks().size())
            .max()
            .orElse(0);
    return jvms == 0 ? "" : "Kernels were measured in " + jvms + " JVMs. ";
  }

  /** The block of a report: from the file, since it must come from what the repository holds. */
  private static String block(Path repository, String name) throws IOException {
    ReportDocument document = read(repository, name);
    StringBuilder block = new StringBuilder("<!-- report: " + name + " -->\n\nWritten by `report ");
    block.append("--").append(document.effort()).append(" --publish ").append(name);
    block.append("` from [bench/results/").append(name).append(".json](bench/results/");
    block.append(name).append(".json), which holds every sample; a test writes it again and");
    block.append(" compares. ").append(jvms(document)).append(LEGEND);
    block.append(MarkdownReport.of(document, 3)).append("\n### Plots\n\n");
    for (Path picture : pictures(repository, name)) {
      String file = String.valueOf(picture.getFileName());
      String title = file.substring(name.length() + 1, file.length() - ".svg".length());
      block.append("![").append(title.replace('-', ' ')).append("](bench/results/").append(file);
      block.append(")\n\n");
    }
    return block.append("<!-- end of report -->\n").toString();
  }

  /** What in this text does not agree with the data; empty when all does. */
  public static List<String> disagreements(Path repository, Path page) throws IOException {
    List<String> wrong = new ArrayList<>();
    String text = Files.readString(page);
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      String name = blocks.group(1);
      if (!blocks.group().equals(block(repository, name))) {
        wrong.add(page + ": the block of " + name + " is not what its data give");
      }
    }
    Matcher figures = FIGURE.matcher(text);
    while (figures.find()) {
      String key = figures.group(4);
      int digits = figures.group(2) == null ? 0 : figures.group(2).length();
      double median =
          read(repository, figures.group(3)).measurements().stream()
              .filter(m -> m.key().equals(key))
              .mapToDouble(m -> m.median())
              .findFirst()
              .orElse(Double.NaN);
      double unit = Math.pow(10, -digits);
      if (!(Math.abs(Double.parseDouble(figures.group(1)) - median) <= 0.5001 * unit)) {
        wrong.add(page + ": " + figures.group(1) + " for " + key + ", measured " + median);
      }
    }
    return wrong;
  }

  private static ReportDocument read(Path repository, String name) throws IOException {
    return ReportDocument.read(results(repository).resolve(name + ".json"));
  }

  /** The names of all data that a repository holds. */
  public static List<String> names(Path repository) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(results(repository))) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(results(repository), "*.json")) {
        for (Path file : files) {
          String name = String.valueOf(file.getFileName());
          names.add(name.substring(0, name.length() - ".json".length()));
        }
      }
    }
    names.sort(null);
    return names;
  }
}
