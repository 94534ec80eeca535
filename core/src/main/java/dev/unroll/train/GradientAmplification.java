package dev.unroll.train;

import dev.unroll.internal.check.Checks;
import java.util.BitSet;
import java.util.Random;

/**
 * Gradient amplification: at chosen layers, the gradient that flows back is multiplied with a
 * factor.
 *
 * <p><b>Formula.</b> At an amplified layer {@code dx = factor * dx} before it is handed to the
 * layer below. So the gradients of layer l are those without amplification, times {@code
 * factor^(number of amplified layers above l)}: for a power of two, and without overflow or
 * underflow, bit for bit.
 *
 * <p><b>Writes</b> in place. <b>Allocation.</b> None.
 *
 * <p>The paper amplifies in some epochs and not in others, and draws the layers at random; {@link
 * #random} draws them, the caller decides on epochs.
 *
 * <p>Source: S. Basodi et al., "Gradient amplification: an efficient way to train deep neural
 * networks", 2020.
 */
public final class GradientAmplification {

  private final BitSet layers;
  private final float factor;

  /**
   * @param factor above 0
   * @param layers the amplified ones, counted from the input, 0 being the first
   */
  public GradientAmplification(float factor, BitSet layers) {
    if (!(factor > 0) || factor == Float.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("factor is " + factor + ", must be positive and finite");
    }
    this.factor = factor;
    this.layers = (BitSet) layers.clone();
  }

  /** {@code count} of {@code depth} layers, drawn by a seed. */
  public static GradientAmplification random(float factor, int depth, int count, long seed) {
    if (count < 0 || count > depth) {
      throw new IllegalArgumentException("count is " + count + ", must be from 0 to " + depth);
    }
    Random random = new Random(seed);
    BitSet layers = new BitSet(depth);
    // Each layer in turn, with the chance that fills the count exactly.
    for (int layer = 0, left = count; layer < depth; layer++) {
      if (random.nextInt(depth - layer) < left) {
        layers.set(layer);
        left--;
      }
    }
    return new GradientAmplification(factor, layers);
  }

  /** Whether a layer is amplified. */
  public boolean amplifies(int layer) {
    return layers.get(layer);
  }

  /** How many times the gradients of a layer's own weights are multiplied with the factor. */
  public int timesAbove(int layer) {
    return (int) layers.stream().filter(amplified -> amplified > layer).count();
  }

  /** What a layer hands to the one below it, amplified or not. */
  public void apply(int layer, float[] dx, int dxOffset, int length) {
    Checks.size("layer", layer);
    Checks.size("length", length);
    Checks.range("dx", dx, dxOffset, length);
    if (layers.get(layer)) {
      for (int i = dxOffset; i < dxOffset + length; i++) {
        dx[i] *= factor;
      }
    }
  }
}
