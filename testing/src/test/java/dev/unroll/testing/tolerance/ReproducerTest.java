package dev.unroll.testing.tolerance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ReproducerTest {

  @Test
  void lineHoldsAllFactsInOrder() {
    String line =
        Reproducer.of("Matmul.multiply")
            .seed(-7)
            .shape("m=3 n=5 k=7")
            .twin("simd")
            .width(512)
            .with("threads", 2)
            .line();
    assertTrue(
        line.startsWith(
            "reproduce: Matmul.multiply seed=[-7] shape=[m=3 n=5 k=7] twin=[simd] width=[512]"
                + " threads=[2] jvm=["),
        line);
  }

  @Test
  void lineTellsFlagsAndVersionOfThisJvm() {
    String line = Reproducer.of("f").line();
    assertTrue(line.contains(" java=[" + System.getProperty("java.runtime.version") + "]"), line);
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      assertEquals(!flag.toLowerCase(Locale.ROOT).contains("agent"), line.contains(flag), flag);
    }
  }

  @Test
  void lineIsOneLineWhateverTheFacts() {
    String line = Reproducer.of("f").with("note", "a\n  b\r\nc").line();
    assertTrue(line.contains("note=[a b c]"), line);
    assertFalse(line.contains("\n"));
  }

  @Test
  void addingLeavesTheShorterOneAlone() {
    Reproducer shorter = Reproducer.of("f").seed(1);
    shorter.with("more", 2).line();
    assertFalse(shorter.line().contains("more"));
  }

  @Test
  void factsBecomeTextOnlyWhenTheLineIsNeeded() {
    Object explosive =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("asked for text");
          }
        };
    Reproducer where = Reproducer.of("f").with("spec", explosive);
    FloatAssert.assertUlp(1.0f, 1.0, 0, where);
  }
}
