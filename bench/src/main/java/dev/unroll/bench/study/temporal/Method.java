package dev.unroll.bench.study.temporal;

/** What is added to plain stochastic gradient descent. */
enum Method {
  /** Nothing. */
  SGD("SGD"),
  /** The gradient's norm is clipped. */
  CLIPPED("SGD, clipped"),
  /** The regularizer's gradient is added, then the norm is clipped. */
  REGULARIZED("SGD, clipped, Omega");

  private final String title;

  Method(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  boolean clips() {
    return this != SGD;
  }

  boolean regularizes() {
    return this == REGULARIZED;
  }
}
