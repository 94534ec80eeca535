package dev.unroll.bench.recurrent;

/**
 * What a backward pass leaves, in the order of the weights that it was given.
 *
 * @param dx [T][N][I]
 * @param dW [G H][I]
 * @param dR [G H][H]
 * @param dInputBias [G H]
 * @param dRecurrentBias [G H]
 */
public record Gradients(
    float[] dx, float[] dW, float[] dR, float[] dInputBias, float[] dRecurrentBias) {}
