package dev.unroll.bench.lstm;

/** One way of running an LSTM layer forward. */
public interface LstmContender {

  /** A name for tables. */
  String name();

  /** Takes the weights and inputs. */
  void prepare(LstmData data);

  /** Runs all steps from zero states. */
  void run();

  /** The outputs of all steps, [T][N][H]. */
  float[] outputs();
}
