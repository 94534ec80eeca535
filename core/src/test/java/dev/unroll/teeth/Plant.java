package dev.unroll.teeth;

import dev.unroll.testing.mutation.Mutation;

/** A bug, and the tests that have to catch it. */
record Plant(Area area, Mutation mutation) {

  /** In a class of {@code dev.unroll.internal}. */
  static Plant in(Area area, String bug, String type, String snippet, String replacement) {
    return under("dev/unroll/internal/", area, bug, type, snippet, replacement);
  }

  /** In a class of any package. */
  static Plant under(
      String folder, Area area, String bug, String type, String snippet, String replacement) {
    return new Plant(area, new Mutation(bug, folder + type + ".java", snippet, replacement));
  }

  /** The registers of the machine that runs the code with the bug; 0 if all do. */
  int registers() {
    String file = mutation.file();
    if (file.endsWith("/SimdTilesPacked.java")) {
      return 16;
    }
    return file.matches(".*/SimdTiles(8Rows|Tall|Streams|Grouped)\\w*\\.java") ? 32 : 0;
  }

  /** The plain twin is the one under test when the vector module is absent. */
  boolean inPlainTwin() {
    return mutation.file().contains("/scalar/");
  }
}
