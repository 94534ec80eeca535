package dev.unroll.bench.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ForkTest {

  /** Tells about the JVM in which it runs. */
  public static final class Sample implements Section {
    @Override
    public void measure(Effort effort, Results out) {
      System.out.println("what a section prints harms nobody");
      out.add(
          Measurement.rate(
              "g",
              effort.name(),
              "c",
              "u",
              new double[] {Integer.getInteger("unroll.sample", -1)}));
    }
  }

  /** Fails. */
  public static final class Broken implements Section {
    @Override
    public void measure(Effort effort, Results out) {
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  void measuresInAJvmOfItsOwn() throws IOException {
    ChildJvm jvm = ChildJvm.likeThis().with("-Dunroll.sample=7");
    Results results = Fork.measure(jvm, Sample.class, Effort.QUICK);
    assertEquals(7, results.find("g", "QUICK", "c").orElseThrow().median());
    assertEquals(1, results.group(Fork.QUIET).size());
    assertEquals(-1, Integer.getInteger("unroll.sample", -1));
  }

  @Test
  void saysWhyAJvmFailed() {
    IOException failure =
        assertThrows(
            IOException.class, () -> Fork.measure(ChildJvm.likeThis(), Broken.class, Effort.QUICK));
    assertTrue(failure.toString().contains("on purpose"), failure::toString);
  }

  @Test
  void agentsAndArchivesStayWithTheirJvm() {
    assertFalse(ChildJvm.inherited("-XX:AOTCache=x"));
    assertFalse(ChildJvm.inherited("-javaagent:x.jar"));
    assertTrue(ChildJvm.inherited("-XX:UseAVX=2"));
  }
}
