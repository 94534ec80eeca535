package dev.unroll.testing.reference;

/**
 * A number, as the references need it: the few operations that recurrent cells are made of.
 *
 * <p>Each reference cell is written once, over numbers of any kind, and means something else with
 * each of them:
 *
 * <ul>
 *   <li>{@link Plain}: the result in double precision
 *   <li>{@code Bounded} (package tolerance): the result, and how far float may be from it
 *   <li>{@code Dual} (package gradient): the result, and its exact derivative in one direction
 * </ul>
 *
 * <p>Numbers never change. Sums of more than one term go through {@link Sum}, since their order is
 * what implementations differ in.
 *
 * @param <V> the kind of number itself
 */
public interface Real<V extends Real<V>> {

  /** The number in double precision. */
  double value();

  /** {@code this other}. */
  V times(V other);

  /** {@code 1 - this}. */
  V oneMinus();

  /** {@code this a + (1 - this) b}, this being from 0 to 1. */
  V mix(V a, V b);

  /** Logistic function. */
  V sigmoid();

  /** Hyperbolic tangent. */
  V tanh();

  /** This above 0, else 0. */
  V relu();

  /** {@code y - y^2} for {@code y = this}: the derivative of sigmoid where it gives y. */
  V sigmoidGradFromOutput();

  /** {@code 1 - y^2} for {@code y = this}: the derivative of tanh where it gives y. */
  V tanhGradFromOutput();

  /** 1 where {@code y = this} is above 0, else 0, also at the kink. */
  V reluGradFromOutput();

  /** The nearest number from -limit to limit. */
  V clamp(double limit);

  /** The derivative of {@link #clamp}: 1 between the limits; 0 beyond them, and on them. */
  V clampGrad(double limit);
}
