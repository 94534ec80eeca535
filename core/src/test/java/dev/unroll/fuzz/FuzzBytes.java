package dev.unroll.fuzz;

import java.nio.ByteBuffer;

/** Numbers out of a fuzzer's bytes, one byte each; zeros when they have run out. */
final class FuzzBytes {

  private final ByteBuffer bytes;
  private final int[] edges;

  /**
   * Numbers for calls with arrays of a length.
   *
   * @param length what some of the numbers are near
   */
  FuzzBytes(byte[] bytes, int length) {
    this.bytes = ByteBuffer.wrap(bytes);
    edges =
        new int[] {
          -1, 0, 1, 2, length - 1, length, length + 1, Integer.MIN_VALUE, Integer.MAX_VALUE
        };
  }

  /** Mostly a small number, else an edge. */
  int number() {
    int b = next();
    return b < 200 ? b % 9 : edges[b % edges.length];
  }

  /** Mostly from 1 on, as sizes have to be; now and then an edge. */
  int size(int most) {
    int b = next();
    return b < 240 ? 1 + b % most : edges[b % edges.length];
  }

  /** One of the numbers below {@code count}. */
  int choice(int count) {
    return next() % count;
  }

  /** A rate from 0 to below 1, most often 0; now and then none. */
  float rate() {
    int b = next();
    return b < 128 ? 0 : b < 240 ? (b - 128) / 112f : b == 255 ? Float.NaN : (b - 244) / 8f;
  }

  private int next() {
    return bytes.hasRemaining() ? bytes.get() & 0xff : 0;
  }
}
