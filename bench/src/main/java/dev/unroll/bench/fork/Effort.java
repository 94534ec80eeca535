package dev.unroll.bench.fork;

/** How thoroughly a report is measured. */
public enum Effort {
  /** About three minutes on two processors: enough to see what kind of machine it is. */
  QUICK(2, 3, 6),
  /** What may be published. */
  FULL(5, 3, 8);

  private final int forks;
  private final int rounds;
  private final int headlineForks;

  Effort(int forks, int rounds, int headlineForks) {
    this.forks = forks;
    this.rounds = rounds;
    this.headlineForks = headlineForks;
  }

  /** JVMs for each section. */
  public int forks() {
    return forks;
  }

  /** Turns of every contender in each JVM. */
  public int rounds() {
    return rounds;
  }

  /** JVMs for each headline kernel: enough to see two modes. */
  public int headlineForks() {
    return headlineForks;
  }

  /** Whether this is what may be published. */
  public boolean full() {
    return this == FULL;
  }
}
