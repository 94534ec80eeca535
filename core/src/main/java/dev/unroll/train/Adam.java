package dev.unroll.train;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * The Adam optimizer.
 *
 * <p><b>Formula.</b> With g the gradients of update t = 1, 2, ...
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g     v = beta2 v + (1 - beta2) g g
 *   p = p - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>In f32, one rounding an operation, the corrections of t in double: the same bits on every
 * machine.
 *
 * <p><b>Shapes.</b> Lists of arrays, as {@code WeightSet.arrays()} gives them; gradient i has the
 * length of parameter i.
 *
 * <p><b>Writes.</b> {@link #update} writes the parameters in place and reads the gradients.
 *
 * <p><b>Special values.</b> A NaN or infinity in a gradient goes into its parameter; clip before.
 *
 * <p><b>Allocation.</b> None after the constructor.
 *
 * <p>Source: D. Kingma and J. Ba, arXiv:1412.6980, algorithm 1.
 */
public final class Adam {

  private final List<float[]> parameters;
  private final List<float[]> first = new ArrayList<>();
  private final List<float[]> second = new ArrayList<>();
  private float beta1 = 0.9f;
  private float beta2 = 0.999f;
  private float epsilon = 1e-8f;
  private double power1 = 1;
  private double power2 = 1;

  /**
   * An optimizer of these arrays, which stay the caller's.
   *
   * @throws NullPointerException when an argument is null
   */
  public Adam(List<float[]> parameters) {
    this.parameters = List.copyOf(requireNonNull(parameters, "parameters"));
    for (float[] p : this.parameters) {
      first.add(new float[p.length]);
      second.add(new float[p.length]);
    }
  }

  /**
   * Other factors than 0.9 and 0.999; before the first update.
   *
   * @throws IllegalArgumentException when one is not in [0, 1)
   */
  public Adam betas(float newBeta1, float newBeta2) {
    beta1 = factor("beta1", newBeta1);
    beta2 = factor("beta2", newBeta2);
    return this;
  }

  /**
   * Another epsilon than 1e-8.
   *
   * @throws IllegalArgumentException when it is not above 0
   */
  public Adam epsilon(float newEpsilon) {
    if (!(newEpsilon > 0)) {
      throw new IllegalArgumentException("epsilon is " + newEpsilon + ", must be above 0");
    }
    epsilon = newEpsilon;
    return this;
  }

  private static float factor(String name, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " is " + value + ", must be in [0, 1)");
    }
    return value;
  }

  /**
   * One update of all parameters.
   *
   * @param rate the learning rate
   * @throws NullPointerException when {@code gradients} is null
   * @throws IllegalArgumentException when the lists or two arrays differ in length; nothing has
   *     been written then
   */
  public void update(float rate, List<float[]> gradients) {
    if (requireNonNull(gradients, "gradients").size() != parameters.size()) {
      throw new IllegalArgumentException(
          "gradients has " + gradients.size() + " arrays, must have " + parameters.size());
    }
    for (int i = 0; i < parameters.size(); i++) {
      int length = parameters.get(i).length;
      if (gradients.get(i).length != length) {
        throw new IllegalArgumentException(
            "gradient " + i + " has " + gradients.get(i).length + " elements, must have " + length);
      }
    }
    power1 *= beta1;
    power2 *= beta2;
    float scale1 = (float) (1 / (1 - power1));
    float scale2 = (float) (1 / (1 - power2));
    for (int i = 0; i < parameters.size(); i++) {
      array(rate, scale1, scale2, parameters.get(i), gradients.get(i), first.get(i), second.get(i));
    }
  }

  private void array(
      float rate, float scale1, float scale2, float[] p, float[] g, float[] m, float[] v) {
    float rest1 = 1 - beta1;
    float rest2 = 1 - beta2;
    for (int i = 0; i < p.length; i++) {
      m[i] = beta1 * m[i] + rest1 * g[i];
      v[i] = beta2 * v[i] + rest2 * (g[i] * g[i]);
      p[i] = p[i] - rate * (m[i] * scale1) / ((float) Math.sqrt(v[i] * scale2) + epsilon);
    }
  }
}
