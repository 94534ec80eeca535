package dev.unroll.testing.law;

import java.util.List;

/** The wrong arguments of a kernel over ranges. */
final class UnaryArguments {

  private static final int N = 40;
  private static final int MAX = Integer.MAX_VALUE;

  private UnaryArguments() {}

  @SuppressWarnings("NullAway") // null arguments are the point
  static List<Law> laws(String kernel, UnaryLaws.Ranges f, String x, String y, String length) {
    float[] in = new float[N];
    float[] out = new float[N];
    java.util.Arrays.fill(out, 42);
    float[] none = null;
    Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
    return ArgumentLaws.of(kernel)
        .unwritten(x, in)
        .unwritten(y, out)
        .refuses(NullPointerException.class, x, () -> f.apply(none, 0, out, 0, 4))
        .refuses(NullPointerException.class, x, () -> f.apply(none, 0, out, 0, 0))
        .refuses(NullPointerException.class, y, () -> f.apply(in, 0, none, 0, 4))
        .refuses(IllegalArgumentException.class, length, () -> f.apply(in, 0, out, 0, -1))
        .refuses(bounds, x, () -> f.apply(in, -1, out, 0, 4))
        .refuses(bounds, y, () -> f.apply(in, 0, out, -1, 4))
        .refuses(bounds, x, () -> f.apply(in, 1, out, 0, N))
        .refuses(bounds, y, () -> f.apply(in, 0, out, 1, N))
        .refuses(bounds, x, () -> f.apply(new float[N - 1], 0, out, 0, N))
        .refuses(bounds, y, () -> f.apply(in, 0, new float[N - 1], 0, N))
        .refuses(bounds, x, () -> f.apply(in, MAX, out, 0, 1))
        .refuses(bounds, x, () -> f.apply(in, N, out, 0, MAX))
        .refuses(bounds, y, () -> f.apply(in, N, out, MAX, 0))
        .refuses(bounds, x, () -> f.apply(in, N + 1, out, 0, 0))
        .refuses(IllegalArgumentException.class, y, () -> f.apply(out, 0, out, 1, N / 2))
        .refuses(IllegalArgumentException.class, y, () -> f.apply(out, 1, out, 0, N / 2))
        .laws()
        .stream()
        .toList();
  }
}
