package dev.unroll.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerLibrariesTest {

  @Test
  void withoutLibrariesThereAreNoPeersAndNoErrors(@TempDir Path empty) {
    String before = System.getProperty(PeerLibraries.DIRECTORY_PROPERTY);
    System.setProperty(PeerLibraries.DIRECTORY_PROPERTY, empty.toString());
    try {
      assertFalse(PeerLibraries.present());
      assertEquals(List.of(), PeerLibraries.describe(1));
      assertEquals(List.of(), PeerLibraries.matmulContenders(1));
    } finally {
      if (before == null) {
        System.clearProperty(PeerLibraries.DIRECTORY_PROPERTY);
      } else {
        System.setProperty(PeerLibraries.DIRECTORY_PROPERTY, before);
      }
    }
  }
}
