package dev.unroll.bench.probe;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoadBandwidthTest {

  /** A loop that reads less than its block, and counts all of it, is faster than the machine. */
  @Test
  void stripesAreTheBlock() {
    for (long size = 8 << 10; size <= 4 << 20; size += size / 8) {
      LoadBandwidth loads = new LoadBandwidth(size);
      double share = (double) loads.bytesOfStripes() / loads.bytes();
      assertTrue(share > 0.9 && share <= 1, loads.bytes() + " bytes, share " + share);
    }
  }
}
