package dev.unroll.bench.activations;

import dev.unroll.Platform;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The platform's own vector functions, as {@code lanewise} gives them. On x86-64 they call a native
 * library; elsewhere some are a loop over the lanes. Lengths are multiples of the vector length.
 * Without the Vector API's module this class must not be touched.
 */
final class JdkVectors {

  private static final VectorSpecies<Float> FLOAT =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Platform.current().vectorBits()));

  private JdkVectors() {}

  /** The platform's function; null when it has none. */
  static @Nullable ArrayFunction of(ActivationFunction function) {
    return switch (function) {
      case EXP -> JdkVectors::exp;
      case TANH -> JdkVectors::tanh;
      case SIGMOID -> JdkVectors::sigmoid;
      case RELU -> JdkVectors::relu;
      default -> null;
    };
  }

  private static void exp(float[] x, float[] y) {
    for (int i = 0; i < x.length; i += FLOAT.length()) {
      FloatVector.fromArray(FLOAT, x, i).lanewise(VectorOperators.EXP).intoArray(y, i);
    }
  }

  private static void tanh(float[] x, float[] y) {
    for (int i = 0; i < x.length; i += FLOAT.length()) {
      FloatVector.fromArray(FLOAT, x, i).lanewise(VectorOperators.TANH).intoArray(y, i);
    }
  }

  private static void sigmoid(float[] x, float[] y) {
    FloatVector one = FloatVector.broadcast(FLOAT, 1f);
    for (int i = 0; i < x.length; i += FLOAT.length()) {
      FloatVector e = FloatVector.fromArray(FLOAT, x, i).neg().lanewise(VectorOperators.EXP);
      one.div(e.add(one)).intoArray(y, i);
    }
  }

  private static void relu(float[] x, float[] y) {
    for (int i = 0; i < x.length; i += FLOAT.length()) {
      FloatVector.fromArray(FLOAT, x, i).max(0f).intoArray(y, i);
    }
  }
}
