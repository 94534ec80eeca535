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
      assertFalse(OpenBlas.present() || Mkl.present() || OneDnn.present());
      List<JavaPeers> others = JavaPeers.all();
      assertEquals(!others.isEmpty(), PeerLibraries.present());
      assertEquals(
          others.stream().mapToInt(peer -> peer.matmulContenders().size()).sum(),
          PeerLibraries.matmulContenders(1).size());
      assertEquals(
          others.stream().mapToInt(peer -> peer.recurrentContenders().size()).sum(),
          PeerLibraries.recurrentContenders(1).size());
    } finally {
      if (before == null) {
        System.clearProperty(PeerLibraries.DIRECTORY_PROPERTY);
      } else {
        System.setProperty(PeerLibraries.DIRECTORY_PROPERTY, before);
      }
    }
  }
}
