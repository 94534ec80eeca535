package dev.unroll.embedding;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.unroll.testing.jvm.Jdk;
import dev.unroll.testing.jvm.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java snippet of the README is compiled and run against the packaged jar, in the README's
 * folder. A line that prints and ends in a comment that looks like a value must print that value. A
 * snippet that is followed by a block of text prints that text and no more.
 */
class ReadmeIT {

  private static final Pattern SNIPPET =
      Pattern.compile("```java\n(.*?)```(?:\n\n```text\n(.*?)```)?", Pattern.DOTALL);
  private static final Pattern PROMISE =
      Pattern.compile("System\\.out\\.println\\(.*\\); // ((?:[-\\d\\[]|true|false).*)");

  @TempDir private Path work;

  /** A snippet, and the text that follows it, or null. */
  private static List<Arguments> snippets() throws IOException {
    String readme = Files.readString(Build.path("unroll.root").resolve("README.md"));
    return SNIPPET
        .matcher(readme)
        .results()
        .map(found -> arguments(found.group(1), found.group(2)))
        .toList();
  }

  @Test
  void thereAreSnippetsWithAndWithoutText() throws IOException {
    assertTrue(snippets().stream().anyMatch(snippet -> snippet.get()[1] == null));
    assertTrue(snippets().stream().anyMatch(snippet -> snippet.get()[1] != null));
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void aSnippetDoesWhatItSays(String snippet, @Nullable String text) throws IOException {
    Path source = work.resolve("Snippet.java");
    Files.writeString(
        source,
        lines(snippet, true)
            + "\nclass Snippet {\n  public static void main(String[] args) throws Exception {\n"
            + lines(snippet, false)
            + "\n  }\n}\n");
    String jar = Build.path("unroll.jar").toString();
    Jdk.javac(work, "-cp", jar, "-d", work.toString(), source.toString()).mustSucceed();
    Outcome outcome =
        Jdk.java(
                work,
                Build.path("unroll.root"),
                "--add-modules=jdk.incubator.vector",
                "-cp",
                work + File.pathSeparator + jar,
                "Snippet")
            .mustSucceed();

    List<String> promised = PROMISE.matcher(snippet).results().map(line -> line.group(1)).toList();
    List<String> printed = outcome.out().lines().toList();
    assertTrue(printed.size() >= promised.size(), outcome.toString());
    assertEquals(promised, printed.stream().filter(promised::contains).toList(), outcome::toString);
    if (text != null) {
      assertEquals(text.lines().toList(), printed, outcome::toString);
    }
  }

  private static String lines(String snippet, boolean imports) {
    Stream<String> lines = snippet.lines();
    return lines.filter(line -> line.startsWith("import ") == imports).collect(joining("\n"));
  }
}
