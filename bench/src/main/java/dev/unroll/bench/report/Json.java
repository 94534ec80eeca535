package dev.unroll.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes measurements for other programs. */
public final class Json {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private Json() {}

  /**
   * What stands in a file.
   *
   * @param schema goes up when the meaning of a field changes
   * @param kind what was measured, for example {@code matmul}
   */
  record Document(int schema, String kind, Environment environment, Object results) {}

  /** Writes results, and what they depend on, to a file. */
  public static void write(Path file, String kind, Object results) throws IOException {
    Files.writeString(
        file, GSON.toJson(new Document(1, kind, Environment.current(), results)) + "\n");
  }
}
