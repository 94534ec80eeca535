package dev.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.study.Row;
import dev.unroll.bench.study.StudyPage;
import dev.unroll.bench.study.StudyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies from the command line, and how they are judged. */
class StudyCommandTest {

  @Test
  void writesOnePageThatNeedsNothingElse(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("studies.html");
    int code =
        Main.commandLine()
            .execute("study", "doya", "network-model", "geometry", "--page", page.toString());
    assertEquals(0, code);
    String html = Files.readString(page);
    assertEquals(3, html.split("<h2", -1).length - 1);
    assertTrue(html.split("<svg", -1).length - 1 >= 6);
    // Its only addresses are those of a namespace, of its own parts and of images inside.
    assertEquals(html.split("http", -1).length, html.split("http://www.w3.org", -1).length);
    assertFalse(html.contains("outside</td>"));
  }

  @Test
  void refusesStudiesThatItDoesNotKnow() {
    assertEquals(2, Main.commandLine().execute("study", "nonsense"));
    assertEquals(0, Main.commandLine().execute("study", "--help"));
  }

  @Test
  void rowsOutsideTheirToleranceFail() {
    assertTrue(Row.near("q", 1, 1.05, 0.1, "s").passed());
    assertFalse(Row.near("q", 1, 1.2, 0.1, "s").passed());
    assertFalse(Row.near("q", 1, Double.NaN, 0.1, "s").passed());
    assertTrue(Row.relative("q", -2, -2.1, 0.1, "s").passed());
    assertFalse(Row.relative("q", -2, -2.3, 0.1, "s").passed());
    assertFalse(Row.atMost("q", 1, 2, "s").passed());
    assertFalse(Row.atLeast("q", 1, Double.NaN, "s").passed());
    assertFalse(Row.between("q", 0, 1, 2, "s").passed());
    StudyResult failed =
        new StudyResult("n", "a < b", "t", List.of(Row.atMost("q", 1, 2, "s")), List.of());
    assertFalse(failed.passed());
    assertTrue(failed.describe().contains("OUTSIDE"));
    String page = StudyPage.of(List.of(failed));
    assertTrue(page.contains("class=\"bad\"") && page.contains("a &lt; b"));
  }
}
