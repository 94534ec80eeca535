package dev.unroll.testing.tolerance;

import dev.unroll.testing.reference.Sum;

/**
 * A sum of n numbers and m products, and how far an implementation may be from it in any order of
 * summation, with or without fma: what the terms have inherited, and
 *
 * <pre>
 *   gamma(n + m - 1) (sum of the numbers' magnitudes) + gamma(n + m) (the products')
 * </pre>
 *
 * <p>since each number goes through at most n + m - 1 additions, and each product is rounded once
 * more. Terms that are exactly 0 are none.
 */
final class BoundedSum implements Sum<Bounded> {

  private final ErrorModel model;
  private double value;
  private double inherited;
  private double numbers;
  private double products;
  private long terms;

  BoundedSum(ErrorModel model) {
    this.model = model;
  }

  @Override
  public Sum<Bounded> add(Bounded term) {
    if (!term.isZero()) {
      value += term.value();
      inherited += term.error();
      numbers += term.magnitude();
      terms++;
    }
    return this;
  }

  @Override
  public Sum<Bounded> add(Bounded a, Bounded b) {
    return add(a, b, a.value() * b.value());
  }

  @Override
  public Sum<Bounded> subtract(Bounded a, Bounded b) {
    return add(a, b, -(a.value() * b.value()));
  }

  private Sum<Bounded> add(Bounded a, Bounded b, double product) {
    if (a.isZero() || b.isZero()) {
      return this;
    }
    value += product;
    inherited += Bounded.inherited(a, b);
    double magnitude = a.magnitude() * b.magnitude();
    if (a.isUnit() || b.isUnit()) {
      numbers += magnitude;
    } else {
      products += magnitude;
    }
    terms++;
    return this;
  }

  @Override
  public Bounded total() {
    if (terms == 0) {
      return model.of(0);
    }
    ErrorModel.Precision precision = model.precision();
    double gamma = precision.gamma(terms);
    double rounding = precision.gamma(terms - 1) * numbers + gamma * products;
    double underflow = products > 0 ? (1 + gamma) * 2 * terms * precision.eta : 0;
    return new Bounded(value, inherited + rounding + underflow, model);
  }
}
