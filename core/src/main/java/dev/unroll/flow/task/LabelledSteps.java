package dev.unroll.flow.task;

/**
 * Sequences of symbols with a label at each step.
 *
 * @param steps T
 * @param batch N
 * @param inputs how many input symbols there are
 * @param outputs how many labels there are
 * @param symbols [T][N], each in [0, inputs)
 * @param labels [T][N], each in [0, outputs)
 * @param counted [T]: whether a step's answer counts
 */
public record LabelledSteps(
    int steps, int batch, int inputs, int outputs, int[] symbols, int[] labels, boolean[] counted) {

  /** How many sequences have a wrong answer at any step that counts. */
  public int errors(int[] answers) {
    if (answers.length != labels.length) {
      throw new IllegalArgumentException(
          "answers has " + answers.length + " elements, must have " + labels.length);
    }
    int errors = 0;
    for (int n = 0; n < batch; n++) {
      boolean wrong = false;
      for (int t = 0; t < steps; t++) {
        wrong |= counted[t] && answers[t * batch + n] != labels[t * batch + n];
      }
      errors += wrong ? 1 : 0;
    }
    return errors;
  }
}
