package dev.unroll.bench.health;

import dev.unroll.bench.fork.ChildJvm;
import java.io.IOException;

/**
 * Runs every headline kernel until it is compiled; the main class of a JVM that prints its code.
 */
public final class CodeRun {

  private static final long NANOS = 700_000_000L;

  private CodeRun() {}

  /** What such a JVM prints. */
  static String printed() throws IOException {
    return ChildJvm.likeThis()
        .with(
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:CompileCommand=print,dev.unroll.internal.simd.*::*",
            "-XX:CompileCommand=print,dev.unroll.bench.probe.VectorFmaPeak::*")
        .run(CodeRun.class);
  }

  /** The child. */
  public static void main(String[] arguments) {
    dev.unroll.bench.probe.FmaPeak.create().warmUp();
    for (Headline headline : Headline.values()) {
      Headline.Task task = headline.create();
      Alone.sample(task, NANOS);
    }
    System.exit(0);
  }
}
