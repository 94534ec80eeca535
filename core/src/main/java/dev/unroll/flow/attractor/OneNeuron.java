package dev.unroll.flow.attractor;

import dev.unroll.flow.LinearOperator;
import dev.unroll.flow.Nonlinearity;
import dev.unroll.flow.RecurrentModel;
import java.util.ArrayList;
import java.util.List;

/**
 * One logistic neuron that feeds itself: the smallest network with a memory, and the one where
 * gradients vanish because it has one.
 *
 * <p><b>Formula.</b> With s the logistic function,
 *
 * <pre>
 *   map   x' = (1 - eps) x + eps s(w x + b) + eps u
 *   ODE   dx/dt = -x + s(w x + b) + u                 eps -> 0, t = eps times the steps
 * </pre>
 *
 * <p>Equilibria without input solve {@code x = s(w x + b)}, that is {@code b = ln(x / (1 - x)) - w
 * x}. The multiplier of the map is {@code M(x) = 1 - eps + eps w s'(w x + b)}, at an equilibrium
 * {@code 1 - eps + eps w x (1 - x)}; stable where |M| is below 1, which for eps = 1 fails by a flip
 * only for w below -4. For w above 4 there are two folds ({@link Folds}) and between them two
 * attractors and a separatrix; for w up to 4 there is one attractor for each b.
 *
 * <p>As a {@link RecurrentModel}: state x, input u, theta = (w, b).
 *
 * <p>Source: K. Doya, "Bifurcations in the learning of recurrent neural networks", 1992; figure 3
 * of R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013.
 *
 * @param w the weight from the neuron to itself
 * @param b the bias
 * @param eps the leak in (0, 1]
 */
public record OneNeuron(double w, double b, double eps) implements RecurrentModel {

  private static final Nonlinearity S = Nonlinearity.LOGISTIC;

  /** Halvings of a bracket: enough for any double in (0, 1). */
  private static final int BISECTIONS = 200;

  /** Checks the leak. */
  public OneNeuron {
    if (!(eps > 0 && eps <= 1)) {
      throw new IllegalArgumentException("eps is " + eps + ", must be in (0, 1]");
    }
  }

  /** Without a leak: x' = s(w x + b) + u. */
  public OneNeuron(double w, double b) {
    this(w, b, 1);
  }

  /** The same neuron with another bias. */
  public OneNeuron withBias(double bias) {
    return new OneNeuron(w, bias, eps);
  }

  /**
   * A state that maps to itself.
   *
   * @param x where
   * @param multiplier M(x)
   */
  public record Equilibrium(double x, double multiplier) {

    /** Whether small differences die out. */
    public boolean stable() {
      return Math.abs(multiplier) < 1;
    }
  }

  /** One step of the map. */
  public double next(double x, double u) {
    return (1 - eps) * x + eps * S.value(w * x + b) + eps * u;
  }

  /** Many steps of the map under a constant input. */
  public double after(long steps, double x, double u) {
    double state = x;
    for (long t = 0; t < steps; t++) {
      state = next(state, u);
    }
    return state;
  }

  /** M, the derivative of the map by its state. */
  public double multiplier(double x) {
    return 1 - eps + eps * w * S.derivative(w * x + b);
  }

  /**
   * All equilibria without input, in ascending order: one, two at a fold, or three.
   *
   * <p>{@code ln(x / (1 - x)) - w x} is monotone between the folds, so each piece holds at most
   * one, found by bisection to the last bit of the bracket.
   */
  public List<Equilibrium> equilibria() {
    double[] cuts = {0, 1};
    if (w > 4) {
      cuts = new double[] {0, Folds.lowerState(w), Folds.upperState(w), 1};
    }
    List<Equilibrium> found = new ArrayList<>();
    for (int i = 1; i < cuts.length; i++) {
      double x = between(cuts[i - 1], cuts[i]);
      if (!Double.isNaN(x) && (found.isEmpty() || x > found.getLast().x())) {
        found.add(new Equilibrium(x, 1 - eps + eps * w * x * (1 - x)));
      }
    }
    return found;
  }

  /** The equilibrium with the largest x. */
  public Equilibrium highest() {
    return equilibria().getLast();
  }

  /** The equilibrium with the smallest x. */
  public Equilibrium lowest() {
    return equilibria().getFirst();
  }

  /**
   * How far an equilibrium moves with the bias: {@code dx/db = s' / (1 - w s') = 1 / (1 / (x (1 -
   * x)) - w)}; infinite at a fold.
   */
  public double sensitivity(Equilibrium at) {
    return 1 / (1 / (at.x() * (1 - at.x())) - w);
  }

  /**
   * The state of the ODE and its derivatives after a time, by the classical Runge-Kutta method.
   *
   * @param x the state at time 0
   * @param time how long
   * @param steps in how many steps; the error falls with the fourth power
   * @return x, dx/dx0 and dx/db at the end
   */
  public double[] flow(double x, double u, double time, int steps) {
    double h = time / steps;
    double[] state = {x, 1, 0};
    for (int i = 0; i < steps; i++) {
      double[] k1 = velocity(state, u);
      double[] k2 = velocity(moved(state, k1, h / 2), u);
      double[] k3 = velocity(moved(state, k2, h / 2), u);
      double[] k4 = velocity(moved(state, k3, h), u);
      for (int j = 0; j < state.length; j++) {
        state[j] += h / 6 * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]);
      }
    }
    return state;
  }

  private double[] velocity(double[] state, double u) {
    double slope = S.derivative(w * state[0] + b);
    double rate = -1 + w * slope;
    return new double[] {
      -state[0] + S.value(w * state[0] + b) + u, rate * state[1], rate * state[2] + slope
    };
  }

  private static double[] moved(double[] state, double[] velocity, double h) {
    double[] moved = state.clone();
    for (int j = 0; j < moved.length; j++) {
      moved[j] += h * velocity[j];
    }
    return moved;
  }

  /** The zero of s(w x + b) - x between two states; NaN when it does not change its sign there. */
  private double between(double from, double to) {
    double low = from;
    double high = to;
    double atLow = excess(low);
    double atHigh = excess(high);
    if (atLow == 0) {
      return low;
    }
    if (atHigh == 0) {
      return high;
    }
    if (atLow > 0 == atHigh > 0) {
      return Double.NaN;
    }
    for (int i = 0; i < BISECTIONS && Math.nextUp(low) < high; i++) {
      double middle = (low + high) / 2;
      if (excess(middle) > 0 == atLow > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.abs(excess(low)) < Math.abs(excess(high)) ? low : high;
  }

  private double excess(double x) {
    return S.value(w * x + b) - x;
  }

  @Override
  public int stateSize() {
    return 1;
  }

  @Override
  public int inputSize() {
    return 1;
  }

  @Override
  public int parameterSize() {
    return 2;
  }

  @Override
  public void next(double[] x, double[] u, double[] next) {
    next[0] = next(x[0], u[0]);
  }

  @Override
  public LinearOperator stateJacobian(double[] x, double[] u) {
    return LinearOperator.dense(1, 1, new double[] {multiplier(x[0])});
  }

  @Override
  public LinearOperator parameterJacobian(double[] x, double[] u) {
    double slope = eps * S.derivative(w * x[0] + b);
    return LinearOperator.dense(1, 2, new double[] {slope * x[0], slope});
  }
}
