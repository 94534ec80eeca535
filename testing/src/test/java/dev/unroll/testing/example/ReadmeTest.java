package dev.unroll.testing.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.Failures;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows is what this package compiles and runs. */
class ReadmeTest {

  private static final Path EXAMPLES = Path.of("src/test/java/dev/unroll/testing/example");

  @Test
  void everySnippetIsPartOfAnExample() throws IOException {
    List<String> snippets =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertEquals(6, snippets.size());
    List<String> sources = new ArrayList<>();
    for (String name :
        List.of(
            "SoftsignLawsTest.java",
            "SoftsignProperties.java",
            "MatmulProperties.java",
            "LogisticGradientTest.java",
            "ElmanStepTest.java")) {
      sources.add(Files.readString(EXAMPLES.resolve(name)));
    }
    for (String snippet : snippets) {
      assertTrue(sources.stream().anyMatch(source -> source.contains(snippet)), snippet);
    }
  }

  /** But for the last part of each last line, which is about the JVM. */
  @Test
  void theMessagesAreTheOnesShown() throws IOException {
    String readme = withoutJvm(Files.readString(Path.of("README.md")));
    String laws = withoutJvm(Failures.messageOf(SoftsignLawsTest.LAWS::checkAll));
    assertTrue(readme.contains("```text\n" + laws + "\n```"), laws);
    float[] y = {1 / (1.0001f + 1)};
    Reproducer where = Reproducer.of("softsign").shape("n=1 offset=0");
    String shrunk =
        Failures.messageOf(
            () ->
                FloatAssert.assertUlp(
                    new float[] {1}, 0, y, 0, 1, v -> v / (1 + Math.abs(v)), 1.5, where));
    assertTrue(readme.contains("\n\n" + withoutJvm(shrunk) + "\n```"), shrunk);
  }

  private static String withoutJvm(String text) {
    return text.replaceAll(" jvm=\\[.*", "").replace(System.lineSeparator(), "\n");
  }
}
