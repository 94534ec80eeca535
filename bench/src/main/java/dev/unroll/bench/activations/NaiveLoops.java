package dev.unroll.bench.activations;

/** The loops over {@link Math} that anybody writes first. */
final class NaiveLoops {

  private NaiveLoops() {}

  static void exp(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) Math.exp(x[i]);
    }
  }

  static void tanh(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) Math.tanh(x[i]);
    }
  }

  static void sigmoid(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) (1 / (1 + Math.exp(-x[i])));
    }
  }

  static void relu(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.max(x[i], 0f);
    }
  }

  static void tanhGradFromOutput(float[] y, float[] d) {
    for (int i = 0; i < y.length; i++) {
      d[i] = 1 - y[i] * y[i];
    }
  }

  static void sigmoidGradFromOutput(float[] y, float[] d) {
    for (int i = 0; i < y.length; i++) {
      d[i] = y[i] * (1 - y[i]);
    }
  }

  static void reluGradFromOutput(float[] y, float[] d) {
    for (int i = 0; i < y.length; i++) {
      d[i] = y[i] > 0 ? 1f : 0f;
    }
  }

  static void tanhGradFromInput(float[] x, float[] d) {
    for (int i = 0; i < x.length; i++) {
      double cosh = Math.cosh(x[i]);
      d[i] = (float) (1 / (cosh * cosh));
    }
  }

  static void sigmoidGradFromInput(float[] x, float[] d) {
    for (int i = 0; i < x.length; i++) {
      double e = Math.exp(-Math.abs(x[i]));
      d[i] = (float) (e / ((1 + e) * (1 + e)));
    }
  }

  static void copy(float[] x, float[] y) {
    System.arraycopy(x, 0, y, 0, x.length);
  }
}
