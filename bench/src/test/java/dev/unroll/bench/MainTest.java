package dev.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line, with the vectors' module and without. */
class MainTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "matmul --help",
        "activations --help",
        "recurrent --help",
        "tiles --help",
        "report --help",
        "diff --help",
        "health --help",
        "golden",
        "golden --bf16"
      })
  void helps(String arguments) {
    assertEquals(0, Main.commandLine().execute(arguments.split(" ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--nonsense",
        "matmul --shape 1,2",
        "activations --data wet",
        "report --quick --full",
        "diff one.json",
        "recurrent --shape 1,2,3",
        "recurrent --pass sideways",
        "recurrent --cell ntm"
      })
  void refusesWhatItDoesNotKnow(String arguments) {
    assertEquals(2, Main.commandLine().execute(arguments.split(" ")));
  }

  @Test
  void writesTheFiguresOfProducts(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("matmul.json");
    assertEquals(
        0,
        Main.commandLine()
            .execute(
                "matmul",
                "--no-peers",
                "--shape",
                "1,32,16",
                "--shape",
                "8,32,16",
                "--rounds",
                "2",
                "--json",
                file.toString()));
    JsonArray results = results(file, "matmul");
    assertEquals(2, results.size());
    JsonObject row = results.get(0).getAsJsonObject();
    assertEquals(32, row.getAsJsonObject("shape").get("n").getAsInt());
    assertEquals(3, row.getAsJsonArray("entries").size());
    for (var entry : row.getAsJsonArray("entries")) {
      JsonArray rounds = entry.getAsJsonObject().getAsJsonArray("rounds");
      assertEquals(2, rounds.size());
      assertTrue(rounds.get(0).getAsDouble() > 0);
    }
  }

  @Test
  void writesTheFiguresOfLayers(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("recurrent.json");
    assertEquals(
        0,
        Main.commandLine()
            .execute(
                "recurrent",
                "--no-peers",
                "--cell",
                "lstm",
                "--shape",
                "3,2,8,8",
                "--rounds",
                "2",
                "--json",
                file.toString()));
    JsonArray results = results(file, "recurrent");
    assertEquals(1, results.size());
    JsonObject row = results.get(0).getAsJsonObject();
    assertEquals("LSTM", row.getAsJsonObject("task").get("cell").getAsString());
    assertEquals(2, row.getAsJsonArray("entries").size());
    for (var entry : row.getAsJsonArray("entries")) {
      JsonArray rounds = entry.getAsJsonObject().getAsJsonArray("rounds");
      assertEquals(2, rounds.size());
      assertTrue(rounds.get(0).getAsDouble() > 0);
    }
  }

  @Test
  void writesTheLatenciesOfSteps(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("steps.json");
    assertEquals(
        0,
        Main.commandLine()
            .execute(
                "recurrent",
                "--no-peers",
                "--pass",
                "step",
                "--cell",
                "lstm",
                "--shape",
                "1,1,8,8",
                "--rounds",
                "1",
                "--json",
                file.toString()));
    JsonObject row = results(file, "steps").get(0).getAsJsonObject();
    JsonObject entry = row.getAsJsonArray("entries").get(0).getAsJsonObject();
    assertEquals(512, entry.getAsJsonArray("nanos").size());
  }

  @Test
  void writesTheFiguresOfFunctions(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("activations.json");
    assertEquals(
        0,
        Main.commandLine()
            .execute(
                "activations",
                "--function",
                "sigmoid",
                "--data",
                "normal",
                "--values",
                "1024",
                "--rounds",
                "2",
                "--json",
                file.toString()));
    JsonObject row = results(file, "activations").get(0).getAsJsonObject();
    double ulp = row.getAsJsonArray("entries").get(0).getAsJsonObject().get("maxUlp").getAsDouble();
    assertTrue(ulp > 0 && ulp <= 1.5, "sigmoid is " + ulp + " ULP off");
  }

  private static JsonArray results(Path file, String kind) throws IOException {
    JsonObject document = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertEquals(kind, document.get("kind").getAsString());
    assertEquals(1, document.get("schema").getAsInt());
    assertTrue(document.getAsJsonObject("environment").has("platform"));
    return document.getAsJsonArray("results");
  }
}
