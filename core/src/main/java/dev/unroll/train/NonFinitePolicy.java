package dev.unroll.train;

import java.util.Arrays;

/** What clipping does with a gradient that contains NaN or an infinity. */
public enum NonFinitePolicy {
  /** Throws an ArithmeticException that gives the norm; the gradients stay. */
  REFUSE {
    @Override
    GradientClipping.Result apply(double norm, float[]... gradients) {
      throw new ArithmeticException("the gradient's norm is " + norm + ", must be finite");
    }
  },
  /** Fills the gradients with zeros, so that a plain descent skips this step; the scale is 0. */
  ZERO {
    @Override
    GradientClipping.Result apply(double norm, float[]... gradients) {
      for (float[] part : gradients) {
        Arrays.fill(part, 0);
      }
      return new GradientClipping.Result(norm, 0);
    }
  },
  /** Leaves the gradients as they are: the caller looks at {@link GradientClipping.Result}. */
  LEAVE {
    @Override
    GradientClipping.Result apply(double norm, float[]... gradients) {
      return new GradientClipping.Result(norm, 1);
    }
  };

  abstract GradientClipping.Result apply(double norm, float[]... gradients);
}
