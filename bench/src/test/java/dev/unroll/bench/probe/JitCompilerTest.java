package dev.unroll.bench.probe;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JitCompilerTest {

  @Test
  void emptyQueuesAreNoWork() {
    assertFalse(
        JitCompiler.atWork(
            """
            Current compiles:\s

            C1 compile queue:
            Empty

            C2 compile queue:
            Empty

            """));
    assertFalse(JitCompiler.atWork(""));
  }

  @Test
  void aMethodThatIsBeingCompiledIsWork() {
    assertTrue(
        JitCompiler.atWork(
            """
            Current compiles:\s
            C2 CompilerThread0   687 %     4       java.util.Formatter::format @ 60 (161 bytes)

            C1 compile queue:
            Empty

            C2 compile queue:
            Empty

            """));
  }

  @Test
  void aMethodThatWaitsIsWork() {
    assertTrue(
        JitCompiler.atWork(
            """
            Current compiles:\s

            C1 compile queue:
            Empty

            C2 compile queue:
             705       4       java.util.HashMap::put (13 bytes)

            """));
  }

  /** As nobody would see who looks at the time alone: it grows when a method is done. */
  @Test
  void thisJvmTellsItsQueues() {
    String queues = JitCompiler.queues();
    assertTrue(queues.contains("Current compiles:"), queues);
    assertTrue(queues.contains("C2 compile queue:"), queues);
  }

  @Test
  void theCompilerComesToRest() {
    JitCompiler compiler = new JitCompiler();
    long until = System.nanoTime() + 20_000_000_000L;
    boolean idle = false;
    while (!idle && System.nanoTime() < until) {
      idle = !compiler.busy();
    }
    assertTrue(idle, "the compiler is never idle");
  }
}
