package dev.unroll.flow;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.svg.SvgPlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is wrong with a network's gradients, layer by layer, from norms that a caller recorded.
 *
 * <p><b>Formula.</b> For each layer the norms of dL/dh_t by lag, T - t, are fitted by a {@link
 * DecayFit}. A layer vanishes when its fitted norm falls by {@link #LARGE} over all lags, or when
 * norms become exactly 0; it explodes when it grows by as much, or when a norm is not finite.
 *
 * <p><b>Shapes.</b> {@code norms[t]} for t from the first step to the last one, as a backward pass
 * meets them in reverse; any number of steps from two on. The loss should sit at the last step
 * alone: a loss at each step feeds the gradient anew and hides the decay.
 *
 * <p><b>Special values.</b> Zeros, infinities and NaN are findings, not errors.
 *
 * <p><b>Errors.</b> IllegalArgumentException for fewer than two steps or a negative norm.
 *
 * @param layers the findings, in the order in which they were added
 */
public record Diagnosis(List<Layer> layers) {

  /** A change of the norm over all lags that is called vanishing or exploding: 1000. */
  public static final double LARGE = 1000;

  /** The share of the contributions to dR beyond a layer's reach: 1 %. */
  public static final double REST = 0.01;

  private static final double[] NONE = {};

  /** What is said of a layer. */
  public enum Verdict {
    /** The norm keeps its order of magnitude. */
    HEALTHY,
    /** It falls by {@link #LARGE} or to 0. */
    VANISHING,
    /** It grows by {@link #LARGE} or beyond all numbers. */
    EXPLODING
  }

  /**
   * One layer.
   *
   * @param name what the caller calls it
   * @param norms |dL/dh_t|, the first step first
   * @param fit by lag
   * @param firstBadLag the smallest lag whose norm is 0 or not finite, or {@link #LARGE} times off
   *     the norm at lag 0; -1 when there is none
   * @param lyapunov the largest Lyapunov exponent of the layer's Jacobians, which the rate
   *     approaches; NaN when no Jacobians were given
   * @param contributions the norm of what each lag gives to dR, empty when not recorded
   * @param reach the lag up to which all but {@link #REST} of the sum of contributions comes from;
   *     -1 when there are none. What lies further back is not learned from
   */
  public record Layer(
      String name,
      double[] norms,
      DecayFit fit,
      Verdict verdict,
      int firstBadLag,
      double lyapunov,
      double[] contributions,
      int reach) {}

  /** Collects layers. */
  public static final class Builder {

    private final List<Layer> layers = new ArrayList<>();

    private Builder() {}

    /** Adds a layer by its norms. */
    public Builder layer(String name, double... norms) {
      layers.add(judge(name, norms, Double.NaN, NONE));
      return this;
    }

    /**
     * Adds a layer by its norms and its Jacobians.
     *
     * @param jacobians dh_t/dh_{t-1} in the order of time, square, from anywhere
     */
    public Builder layer(String name, double[] norms, List<? extends LinearOperator> jacobians) {
      layers.add(judge(name, norms, exponent(jacobians), NONE));
      return this;
    }

    /** Adds a layer by what a probe has recorded, with room for the steps that there were. */
    public Builder layer(String name, GradientNorms norms) {
      layers.add(judge(name, norms.states(), Double.NaN, norms.recurrents()));
      return this;
    }

    /** The same, and its Jacobians. */
    public Builder layer(
        String name, GradientNorms norms, List<? extends LinearOperator> jacobians) {
      layers.add(judge(name, norms.states(), exponent(jacobians), norms.recurrents()));
      return this;
    }

    private static double exponent(List<? extends LinearOperator> jacobians) {
      if (jacobians.isEmpty()) {
        throw new IllegalArgumentException("jacobians is empty, must have at least one");
      }
      LyapunovSpectrum spectrum = new LyapunovSpectrum(jacobians.getFirst().rows(), 1);
      jacobians.forEach(spectrum::step);
      return spectrum.exponents()[0];
    }

    /** The diagnosis. */
    public Diagnosis build() {
      return new Diagnosis(List.copyOf(layers));
    }
  }

  /** Starts without layers. */
  public static Builder builder() {
    return new Builder();
  }

  private static Layer judge(String name, double[] norms, double lyapunov, double[] contributions) {
    requireNonNull(name, "name");
    if (norms.length < 2) {
      throw new IllegalArgumentException(
          "norms has " + norms.length + " elements, must have at least 2");
    }
    double[] byLag = new double[norms.length];
    for (int lag = 0; lag < norms.length; lag++) {
      byLag[lag] = norms[norms.length - 1 - lag];
      if (byLag[lag] < 0) {
        throw new IllegalArgumentException(
            "norms contains " + byLag[lag] + ", must not be below 0");
      }
    }
    DecayFit fit = DecayFit.of(byLag);
    int bad = firstBad(byLag);
    return new Layer(
        name,
        norms.clone(),
        fit,
        verdict(byLag, fit),
        bad,
        lyapunov,
        contributions,
        reach(contributions));
  }

  private static int firstBad(double[] byLag) {
    for (int lag = 0; lag < byLag.length; lag++) {
      double change = byLag[lag] / byLag[0];
      // Written so that 0, NaN and infinities are bad.
      if (!(change > 1 / LARGE && change < LARGE)) {
        return lag;
      }
    }
    return -1;
  }

  private static int reach(double[] contributions) {
    double rest = 0;
    for (double contribution : contributions) {
      rest += contribution;
    }
    // NaN: as far as there are steps.
    double enough = REST * rest;
    for (int lag = 0; lag < contributions.length; lag++) {
      rest -= contributions[lag];
      if (rest <= enough) {
        return lag;
      }
    }
    return contributions.length - 1;
  }

  private static Verdict verdict(double[] byLag, DecayFit fit) {
    boolean zero = false;
    for (double norm : byLag) {
      if (!Double.isFinite(norm)) {
        return Verdict.EXPLODING;
      }
      zero |= norm == 0;
    }
    double change = fit.rate() * (byLag.length - 1);
    double large = StrictMath.log(LARGE);
    if (zero || change < -large) {
      return Verdict.VANISHING;
    }
    return change > large ? Verdict.EXPLODING : Verdict.HEALTHY;
  }

  /** Whether no layer vanishes or explodes. */
  public boolean healthy() {
    return layers.stream().allMatch(layer -> layer.verdict() == Verdict.HEALTHY);
  }

  /** A line for each layer, with what to do about it. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    for (Layer layer : layers) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s: %s, x %.4g per step back (rate %.4f",
              layer.name(),
              layer.verdict().name().toLowerCase(Locale.ROOT),
              layer.fit().factor(),
              layer.fit().rate()));
      if (!Double.isNaN(layer.lyapunov())) {
        text.append(String.format(Locale.ROOT, ", Lyapunov exponent %.4f", layer.lyapunov()));
      }
      text.append(')');
      if (layer.firstBadLag() >= 0) {
        text.append(bad(layer.verdict())).append(layer.firstBadLag());
      }
      if (layer.reach() >= 0) {
        text.append(", 99 % of dR from lags up to ").append(layer.reach());
      }
      text.append(advice(layer.verdict())).append('\n');
    }
    return text.toString();
  }

  private static String bad(Verdict verdict) {
    return switch (verdict) {
      case HEALTHY -> ", 1000 times off at lag ";
      case VANISHING -> ", lost from lag ";
      case EXPLODING -> ", more than 1000-fold from lag ";
    };
  }

  private static String advice(Verdict verdict) {
    return switch (verdict) {
      case HEALTHY -> "";
      case VANISHING ->
          "; a gated cell, recurrent weights nearer to orthogonal or the regularizer Omega keep it";
      case EXPLODING -> "; clip the gradient's norm";
    };
  }

  /** The same as JSON: numbers that are not finite are strings. */
  public String toJson() {
    StringBuilder json = new StringBuilder("{\"layers\":[");
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      json.append(i == 0 ? "" : ",")
          .append("{\"name\":")
          .append(quoted(layer.name()))
          .append(",\"verdict\":")
          .append(quoted(layer.verdict().name()))
          .append(",\"rate\":")
          .append(number(layer.fit().rate()))
          .append(",\"factor\":")
          .append(number(layer.fit().factor()))
          .append(",\"lyapunov\":")
          .append(number(layer.lyapunov()))
          .append(",\"firstBadLag\":")
          .append(layer.firstBadLag())
          .append(",\"reach\":")
          .append(layer.reach());
      array(json, "norms", layer.norms());
      array(json, "contributions", layer.contributions());
      json.append('}');
    }
    return json.append("]}").toString();
  }

  private static void array(StringBuilder json, String name, double[] values) {
    json.append(",\"").append(name).append("\":[");
    for (int i = 0; i < values.length; i++) {
      json.append(i == 0 ? "" : ",").append(number(values[i]));
    }
    json.append(']');
  }

  /** Norms by lag on a logarithmic scale, a line for each layer, as an SVG element. */
  public String toSvg() {
    return toSvg("Gradient by lag");
  }

  /** The same under another title. */
  public String toSvg(String title) {
    SvgPlot plot = new SvgPlot(title, "lag", "|dL/dh|").logarithmicY();
    for (Layer layer : layers) {
      int n = layer.norms().length;
      double[] lags = new double[n];
      double[] norms = new double[n];
      for (int lag = 0; lag < n; lag++) {
        lags[lag] = lag;
        norms[lag] = layer.norms()[n - 1 - lag];
      }
      plot.line(layer.name(), lags, norms);
      if (!Double.isNaN(layer.lyapunov())) {
        double[] expected = new double[n];
        for (int lag = 0; lag < n; lag++) {
          expected[lag] = norms[0] * StrictMath.exp(layer.lyapunov() * lag);
        }
        plot.companion(layer.name() + ", by its Lyapunov exponent", lags, expected);
      }
    }
    return plot.render();
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : quoted(Double.toString(value));
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        default -> {
          if (c < ' ') {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
