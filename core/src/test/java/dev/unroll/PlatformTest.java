package dev.unroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlatformTest {

  @Test
  void tellsWhatItFound() {
    Platform platform = Platform.current();
    assertEquals(platform, Platform.current());
    assertFalse(platform.reason().isBlank());
    assertFalse(platform.cpu().isBlank());
    assertEquals(System.getProperty("os.arch"), platform.arch());
    assertTrue(platform.vm().contains(System.getProperty("java.vm.version")), platform.vm());
    assertEquals(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), platform.vectorModule());
  }
}
