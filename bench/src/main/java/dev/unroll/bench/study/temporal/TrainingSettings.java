package dev.unroll.bench.study.temporal;

/**
 * How a network is trained on the temporal order of two events.
 *
 * @param initialization weights and activation at the beginning
 * @param learningRate of plain gradient descent, constant, without momentum
 * @param clip the largest gradient norm; infinity for none
 * @param alpha the weight of the regularizer; 0 for none
 * @param shortest length of the sequences
 * @param longest length of the sequences; each batch has one length in between
 * @param batch sequences in an update
 * @param hidden units
 * @param checkEvery updates between two tests on {@link TemporalOrderTraining#TESTED} new sequences
 * @param enough stop when this share of them is wrong, or fewer
 * @param limit updates at most
 * @param seed of weights and sequences
 */
record TrainingSettings(
    Initialization initialization,
    float learningRate,
    double clip,
    float alpha,
    int shortest,
    int longest,
    int batch,
    int hidden,
    int checkEvery,
    double enough,
    int limit,
    long seed) {

  /** The settings of the paper's text, with 50 units and batches of 20, at one length. */
  static TrainingSettings paper(int length, int limit, long seed) {
    return new TrainingSettings(
        Initialization.BASIC_TANH,
        0.01f,
        1,
        4,
        length,
        length,
        20,
        50,
        500,
        Math.nextDown(0.01),
        limit,
        seed);
  }

  TrainingSettings method(Method method) {
    return new TrainingSettings(
        initialization,
        learningRate,
        method.clips() ? clip : Double.POSITIVE_INFINITY,
        method.regularizes() ? alpha : 0,
        shortest,
        longest,
        batch,
        hidden,
        checkEvery,
        enough,
        limit,
        seed);
  }
}
