package dev.unroll.bench.results;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.unroll.bench.machine.MachineFacts;
import dev.unroll.bench.report.Environment;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A report as a file. The format: an object with the fields of this record; a measurement's {@code
 * forks} holds one array of samples for each JVM. Figures are rounded to five significant digits.
 *
 * @param schema {@value #SCHEMA}; goes up when the meaning of a field changes
 * @param kind {@value #KIND}
 * @param created the day, as {@code 2026-01-31}
 * @param effort how thoroughly it was measured
 */
public record ReportDocument(
    int schema,
    String kind,
    String created,
    String effort,
    Environment environment,
    MachineFacts machine,
    List<Measurement> measurements,
    List<Curve> curves,
    List<String> notes) {

  /** The version of the format. */
  public static final int SCHEMA = 1;

  /** What this kind of file says of itself. */
  public static final String KIND = "report";

  private static final MathContext DIGITS = new MathContext(5);

  private static final Gson GSON =
      new GsonBuilder()
          .registerTypeAdapter(double[].class, (JsonSerializer<double[]>) (a, t, c) -> rounded(a))
          .registerTypeAdapter(
              Double.class,
              (JsonSerializer<Double>) (value, type, context) -> new JsonPrimitive(round(value)))
          .disableHtmlEscaping()
          .create();

  /** The results so far as a document of today. */
  public static ReportDocument of(
      String created, String effort, Environment environment, MachineFacts facts, Results results) {
    return new ReportDocument(
        SCHEMA,
        KIND,
        created,
        effort,
        environment,
        facts,
        results.measurements(),
        results.curves(),
        results.notes());
  }

  /** The measurements, to look them up. */
  public Results results() {
    Results results = new Results();
    measurements.forEach(results::add);
    curves.forEach(results::add);
    notes.forEach(results::note);
    return results;
  }

  /** Writes the file, one measurement a line. */
  public void write(Path file) throws IOException {
    String text = GSON.toJson(this);
    Files.writeString(file, text.replace("{\"group\":", "\n{\"group\":") + "\n");
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read, is no report, or is of another version
   */
  public static ReportDocument read(Path file) throws IOException {
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      if (!json.has("kind") || !json.get("kind").getAsString().equals(KIND)) {
        throw new IOException(file + " is no report: its kind is " + json.get("kind"));
      }
      int schema = json.has("schema") ? json.get("schema").getAsInt() : 0;
      if (schema != SCHEMA) {
        throw new IOException(
            file + " has schema " + schema + ", and this program reads schema " + SCHEMA);
      }
      return GSON.fromJson(json, ReportDocument.class);
    } catch (JsonParseException | IllegalStateException | IllegalArgumentException e) {
      throw new IOException(file + " is no report: " + e.getMessage(), e);
    }
  }

  private static com.google.gson.JsonArray rounded(double[] values) {
    com.google.gson.JsonArray array = new com.google.gson.JsonArray(values.length);
    for (double value : values) {
      array.add(round(value));
    }
    return array;
  }

  private static BigDecimal round(double value) {
    BigDecimal rounded = new BigDecimal(value, DIGITS).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }
}
