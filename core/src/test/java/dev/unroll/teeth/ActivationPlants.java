package dev.unroll.teeth;

import java.util.List;

/** Bugs in the elementwise functions, in either twin. */
final class ActivationPlants {

  private static final String SCALAR = "scalar/ScalarActivations";
  private static final String SIMD = "simd/SimdActivations";
  private static final String SIGMOID = "simd/SimdSigmoid";
  private static final String TANH = "simd/SimdTanh";

  private ActivationPlants() {}

  static List<Plant> all() {
    return List.of(
        plant(
            "exp loses its low part",
            SCALAR,
            "float tail = fma(rr, q, fma(rLow, r, rLow));",
            "float tail = rr * q;"),
        plant(
            "tanh loses its low part",
            SCALAR,
            "fma(m, restLow, fma(mLow, rest, fma(m, rest, y)))",
            "fma(m, restLow, fma(m, rest, y))"),
        plant(
            "tanh(-0) = +0",
            SCALAR,
            ">= TANH_LINEAR ? intBitsToFloat(signed) : x;",
            ">= TANH_LINEAR ? intBitsToFloat(signed) : x + 0f;"),
        plant(
            "sigmoid swallows NaN",
            SCALAR,
            "float y = quotient(a, t, scale, scale);\n    return Float.isNaN(x) ? x : y;",
            "return quotient(a, t, scale, scale);"),
        plant("relu(NaN) = 0", SCALAR, "return x <= 0 ? 0 : x;", "return x > 0 ? x : 0;"),
        plant("relu(-0) = -0", SCALAR, "return x <= 0 ? 0 : x;", "return x < 0 ? 0 : x;"),
        plant(
            "tanh' as 1 - tanh^2 cancels",
            SCALAR,
            "float y = fma(s, s * -0.25f, s);",
            "float h = tanh(x);\n    float y = fma(-h, h, 1);"),
        plant(
            "sigmoid forgets the remainder of the division",
            SCALAR,
            "return fma(y, left, y);",
            "return y;"),
        plant(
            "exp scales in one step",
            SCALAR,
            "float y = e * intBitsToFloat((k - half) << 23) * intBitsToFloat(half << 23);",
            "float y = e * Math.scalb(1f, Math.clamp((int) n, -126, 127));"),
        plant(
            "tanh writes its last vector behind the range",
            TANH,
            "int yGap = SimdRows.gap(columns, ldy);",
            "int yGap = ldy == 0 ? 0 : ldy - columns;"),
        plant(
            "sigmoid takes no row after the first from its place",
            SIGMOID,
            "int xGap = SimdRows.gap(columns, ldx);",
            "int xGap = columns % L == 0 ? 0 : columns % L - L;"),
        plant(
            "sigmoid keeps the NaN of another vector",
            SIGMOID,
            "s = s.blend(x2, x2.compare(NE, x2));",
            "s = s.blend(x1, x1.compare(NE, x1));"),
        plant(
            "exp in place applies itself twice where the last vectors overlap",
            SIMD,
            "FloatVector v = i < end ? FloatVector.fromArray(FLOAT, x, xOffset + i) : last;\n"
                + "        exp(v)",
            "FloatVector v = FloatVector.fromArray(FLOAT, x, xOffset + Math.min(i, end));\n"
                + "        exp(v)"),
        // Not by max: whether that keeps a NaN is a question of the machine.
        plant(
            "relu takes what is not above 0",
            SIMD,
            "return x.blend(0, x.compare(LE, 0));",
            "return all(0).blend(x, x.compare(jdk.incubator.vector.VectorOperators.GT, 0));"),
        plant(
            "sigmoid' swallows NaN",
            SIMD,
            "return s.fma(s.neg(), s).blend(x, x.compare(NE, x));",
            "return s.fma(s.neg(), s);"),
        plant(
            "tanh keeps neither subnormals nor NaN",
            TANH,
            "s = x2.blend(s, magnitude.compare(GE, LINEAR));",
            ""),
        plant(
            "sigmoid rounds a product before it adds",
            SIMD,
            "return rr.fma(q, r);",
            "return rr.mul(q).add(r);"));
  }

  private static Plant plant(String bug, String type, String snippet, String replacement) {
    return Plant.in(Area.ACTIVATIONS, bug, type, snippet, replacement);
  }
}
