package dev.unroll.testing.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.Failures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashMatrixTest {

  @TempDir private static Path work;

  /** Two kernels, one of which depends on how the JVM was started. */
  static final class Program {
    public static void main(String[] arguments) {
      Hashes hashes = new Hashes();
      hashes.add("steady", 1, 2, Float.NaN);
      hashes.add("shaky", Integer.getInteger("shake", 0));
      System.out.print(Hashes.lines(hashes.take()));
      System.out.println("arguments=" + String.join(" ", arguments));
    }
  }

  private static HashMatrix matrix() {
    return HashMatrix.of(work, System.getProperty("java.class.path"), Program.class.getName());
  }

  @Test
  void theKernelAndTheConfigurationThatDifferAreNamed() {
    HashMatrix.Report report =
        matrix()
            .run(
                List.of(
                    JvmConfiguration.standard(),
                    JvmConfiguration.slow("-Xint"),
                    JvmConfiguration.compiled("-Dshake=1"),
                    JvmConfiguration.compiled("-XX:NoSuchFlagAnywhere=3")));
    assertEquals(4, report.configurations());
    assertEquals(1, report.differences().size(), report.differences().toString());
    assertTrue(report.differences().getFirst().startsWith("-Dshake=1: shaky is "));
    String message = Failures.messageOf(report::mustAgree);
    assertTrue(message.contains("reproduce: ") && message.contains("-Dshake=1"), message);
  }

  @Test
  void aProgramThatFailsIsADifference() {
    HashMatrix.Report report = new HashMatrix.Report();
    report.add(JvmConfiguration.standard(), new Outcome("java A", 0, "hash.a=1\nhash.b=2\n", ""));
    report.add(JvmConfiguration.slow("-Xint"), new Outcome("java B", 1, "hash.a=1\n", "crash"));
    report.add(JvmConfiguration.slow("-Xcomp"), new Outcome("java C", 0, "hash.a=1\n", ""));
    assertEquals(2, report.differences().size());
    assertEquals(Map.of("a", "1", "b", "2"), report.hashes());
    assertTrue(report.differences().get(1).contains("kernels [a], not [a, b]"));
  }

  @Test
  void comparingNothingIsAFailure() {
    HashMatrix.Report report = new HashMatrix.Report();
    assertThrows(AssertionError.class, report::mustAgree);
    report.add(JvmConfiguration.standard(), new Outcome("java A", 0, "hash.a=1\n", ""));
    assertThrows(AssertionError.class, report::mustAgree);
  }

  @Test
  void theProgramIsToldWhatFitsTheConfiguration() {
    HashMatrix matrix = matrix().arguments(each -> List.of(each.compiled() ? "500" : "1"));
    assertEquals("1", matrix.run(JvmConfiguration.slow("-Xint")).value("arguments"));
    assertEquals("500", matrix.run(JvmConfiguration.standard()).value("arguments"));
    assertThrows(
        AssertionError.class, () -> matrix.run(JvmConfiguration.standard()).value("nothing"));
  }

  @Test
  void seedsAreRandomAndTold() {
    List<JvmConfiguration> stress = JvmConfiguration.stress(RandomGenerator.getDefault());
    assertTrue(stress.stream().allMatch(each -> each.toString().contains("-XX:StressSeed=")));
    List<JvmConfiguration> all = JvmConfiguration.all(RandomGenerator.getDefault());
    assertEquals(all.size(), all.stream().distinct().count());
    assertEquals("default", all.getFirst().toString());
    assertEquals(
        "--add-modules=jdk.incubator.vector", JvmConfiguration.standard().withVectors().toString());
  }

  /** A test that holds in some configurations only. */
  static class Shaken {
    @Test
    void nothingShakes() {
      System.out.println("hash.shaken=1");
      assertEquals(null, System.getProperty("shake"));
    }
  }

  @Test
  void testClassesHaveToSucceedEverywhere() {
    String classPath = System.getProperty("java.class.path");
    HashMatrix.Report report =
        HashMatrix.ofTests(work, classPath, Shaken.class.getName())
            .run(
                List.of(
                    JvmConfiguration.slow("-XX:TieredStopAtLevel=1"),
                    JvmConfiguration.slow("-XX:TieredStopAtLevel=1 -Dshake=1")));
    assertEquals(Map.of("shaken", "1"), report.hashes());
    assertEquals(1, report.differences().size(), report.differences().toString());
    String message = Failures.messageOf(report::mustSucceed);
    assertTrue(message.startsWith("-XX:TieredStopAtLevel=1 -Dshake=1: no result: "), message);
    assertTrue(message.contains("nothingShakes"), message);
  }

  @Test
  void aClassWithoutTestsAndNoRunAreFailures() {
    String classPath = System.getProperty("java.class.path");
    HashMatrix.Report report =
        HashMatrix.ofTests(work, classPath, Program.class.getName())
            .run(List.of(JvmConfiguration.slow("-XX:TieredStopAtLevel=1")));
    assertThrows(AssertionError.class, report::mustSucceed);
    assertThrows(AssertionError.class, new HashMatrix.Report()::mustSucceed);
  }
}
