package dev.unroll.flow;

import java.util.Arrays;

/** A loss that is a sum over steps, {@code E = sum of E_t(x_t)} for t from 1 to T. */
public interface SequenceLoss {

  /** E_t. */
  double value(int t, double[] x);

  /**
   * dE_t/dx_t.
   *
   * @param x not changed
   * @param dx overwritten
   */
  void gradient(int t, double[] x, double[] dx);

  /** The loss of a whole trajectory. */
  default double total(Trajectory trajectory) {
    double sum = 0;
    for (int t = 1; t <= trajectory.steps(); t++) {
      sum += value(t, trajectory.states()[t]);
    }
    return sum;
  }

  /** This loss at step T alone, 0 at all others. */
  default SequenceLoss onlyAt(int last) {
    SequenceLoss all = this;
    return new SequenceLoss() {
      @Override
      public double value(int t, double[] x) {
        return t == last ? all.value(t, x) : 0;
      }

      @Override
      public void gradient(int t, double[] x, double[] dx) {
        if (t == last) {
          all.gradient(t, x, dx);
        } else {
          Arrays.fill(dx, 0);
        }
      }
    };
  }

  /** {@code E_t = |x - target_t|^2 / 2}; targets[t - 1] belongs to step t. */
  static SequenceLoss squares(double[][] targets) {
    return new SequenceLoss() {
      @Override
      public double value(int t, double[] x) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
          double miss = x[i] - targets[t - 1][i];
          sum += miss * miss;
        }
        return sum / 2;
      }

      @Override
      public void gradient(int t, double[] x, double[] dx) {
        for (int i = 0; i < x.length; i++) {
          dx[i] = x[i] - targets[t - 1][i];
        }
      }
    };
  }
}
