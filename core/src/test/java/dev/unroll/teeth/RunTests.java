package dev.unroll.teeth;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes up to the first failure, and tells it, or how many of the classes had tests.
 */
final class RunTests {

  /** The exit code when a test failed. */
  static final int FAILED = 3;

  private RunTests() {}

  public static void main(String[] classes) throws IOException {
    // Where junit-platform.properties puts the seeds of failed runs.
    Files.createDirectories(Path.of("target"));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
            .build();
    Set<String> tested = new HashSet<>();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() && test.getSource().orElse(null) instanceof MethodSource method) {
                  tested.add(method.getClassName());
                }
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                  System.out.println("caught=" + test.getUniqueId());
                  System.out.flush();
                  Runtime.getRuntime().halt(FAILED);
                }
              }
            });
    System.out.println("tested=" + tested.size());
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
