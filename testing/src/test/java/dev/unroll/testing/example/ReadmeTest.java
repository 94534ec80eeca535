package dev.unroll.testing.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
