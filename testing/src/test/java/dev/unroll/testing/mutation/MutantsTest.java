package dev.unroll.testing.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.jvm.Jdk;
import dev.unroll.testing.jvm.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutantsTest {

  private static final String SUM =
      "class Sum { static int of(int a, int b) { return a + b; } static int c = 1; }";
  private static final String CHECK =
      "public class Check { public static void main(String[] x) {"
          + " System.exit(Sum.of(2, 3) == 5 ? 0 : 3); } }";

  @TempDir private static Path work;

  private static Mutation mutation(String snippet, String replacement) {
    return new Mutation("wrong sum", "Sum.java", snippet, replacement);
  }

  private static Mutants mutants() throws IOException {
    Path classes = Files.createDirectories(work.resolve("classes"));
    Path sum = work.resolve("Sum.java");
    Path check = work.resolve("Check.java");
    Files.writeString(sum, SUM);
    Files.writeString(check, CHECK);
    Jdk.javac(work, "-d", classes.toString(), sum.toString(), check.toString()).mustSucceed();
    return Mutants.of(work, classes.toString(), work);
  }

  private static Outcome run(Mutation mutation) throws IOException {
    return mutants().run(mutation, List.of("-Xshare:auto"), List.of("Check"));
  }

  @Test
  void theProgramRunsAgainstTheMutant() throws IOException {
    assertEquals(3, run(mutation("a + b", "a - b")).exitCode());
  }

  @Test
  void aMutantThatChangesNothingSurvives() throws IOException {
    assertEquals(0, run(mutation("a + b", "b + a")).exitCode());
  }

  @Test
  void aSnippetThatIsNotThereOrNotTheOnlyOneIsAFailure() {
    AssertionError none =
        assertThrows(AssertionError.class, () -> mutants().mustMatch(mutation("a * b", "a")));
    assertTrue(String.valueOf(none.getMessage()).contains("occurs nowhere in Sum.java: a * b"));
    AssertionError many =
        assertThrows(AssertionError.class, () -> mutants().mustMatch(mutation("int ", "long ")));
    assertTrue(String.valueOf(many.getMessage()).contains("more than once"));
    Mutation missing = new Mutation("bug", "Difference.java", "a", "b");
    assertThrows(AssertionError.class, () -> mutants().mustMatch(missing));
  }

  @Test
  void aMutantThatDoesNotCompileIsAFailure() {
    assertThrows(AssertionError.class, () -> run(mutation("a + b", "a +")));
  }
}
