package dev.unroll.bench.health;

import dev.unroll.Platform;
import dev.unroll.bench.fork.ChildJvm;
import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Fork;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.stats.Bimodality;
import dev.unroll.bench.stats.RatioInterval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Measures the headline kernels in many JVMs, and judges what the compiler made of them. */
public final class HealthCheck {

  /** The group of what the machine code consists of. */
  public static final String CODE = "code";

  /** Fact: how many modes the JVMs show; absent when there were too few to tell. */
  public static final String MODES = "modes";

  /** A kernel may lose this share in a busy JVM. */
  static final double LEAST_POLLUTED = 0.95;

  private static final double CONFIDENCE = 0.95;
  private static final Set<Headline> QUICK =
      EnumSet.of(Headline.MATMUL_64, Headline.MATMUL_ROW, Headline.TANH, Headline.LSTM_STEP);
  private static final List<Headline> STARTED = List.of(Headline.MATMUL_64, Headline.LSTM_STEP);
  private static final List<Headline> QUICKLY_STARTED = List.of(Headline.LSTM_STEP);

  /** What is known about one question. */
  public enum State {
    HEALTHY,
    UNDECIDED,
    UNHEALTHY
  }

  /** One finding. */
  public record Finding(State state, String text) {

    @Override
    public String toString() {
      return state.name().toLowerCase(Locale.ROOT) + ": " + text;
    }
  }

  private final Effort effort;
  private final Results out;

  /** A check that adds what it measures to these results. */
  public HealthCheck(Effort effort, Results out) {
    this.effort = effort;
    this.out = out;
  }

  private Set<Headline> kernels() {
    return effort.full() ? EnumSet.allOf(Headline.class) : QUICK;
  }

  private int pollutedForks() {
    return effort.full() ? 4 : 1;
  }

  /** How many steps {@link #measure} takes. */
  public int steps() {
    return kernels().size() + pollutedForks() + 2;
  }

  /** Measures. */
  public void measure(Progress progress) throws IOException {
    ChildJvm jvm = ChildJvm.likeThis();
    for (Headline headline : kernels()) {
      progress.next(headline.title());
      ChildJvm alone = jvm.with("-D" + Alone.PROPERTY + "=" + headline);
      for (int i = 0; i < effort.headlineForks(); i++) {
        out.addAll(Fork.measure(alone, Alone.class, effort));
      }
      progress.step();
    }
    for (int i = 0; i < pollutedForks(); i++) {
      progress.next("all of them in one JVM");
      out.addAll(Fork.measure(jvm, Polluted.class, effort));
      progress.step();
    }
    progress.next("first calls");
    Start.measure(effort.full() ? STARTED : QUICKLY_STARTED, effort.full() ? 4 : 1, out);
    progress.step();
    progress.next("machine code");
    code();
    progress.step();
    out.replaceAll(HealthCheck::withModes);
  }

  private static Measurement withModes(Measurement m) {
    boolean enough =
        m.group().equals(Alone.GROUP)
            && m.contender().equals(Alone.ALONE)
            && m.forks().size() >= Bimodality.LEAST;
    return enough ? m.with(MODES, Bimodality.of(m.forkMedians()).twoModes() ? 2 : 1) : m;
  }

  private void code() throws IOException {
    if (Platform.current().vectorBits() == 0) {
      out.note("The scalar twin runs: there are no vector instructions to look for.");
      return;
    }
    boolean arm = Platform.current().arch().equals("aarch64");
    List<MachineCode> methods = MachineCode.read(CodeRun.printed(), arm);
    for (MachineCode code : methods) {
      if (code.vectorFmas() > 0) {
        String name = code.shortName();
        // A method may have been compiled several times: the last one is what runs.
        out.replace(count(name, "vector fma", code.vectorFmas()).with("bits", code.vectorBits()));
        out.replace(count(name, "vectors to or from the stack, in loops", code.vectorSpills()));
        out.replace(count(name, "others to or from the stack, in loops", code.spills()));
      }
    }
  }

  private static Measurement count(String method, String what, int count) {
    return Measurement.time(CODE, method, what, "instructions", new double[] {count});
  }

  /** Judges what has been measured. */
  public static List<Finding> judge(Results results) {
    List<Finding> findings = new ArrayList<>();
    for (Measurement alone : results.group(Alone.GROUP)) {
      if (alone.contender().equals(Alone.ALONE)) {
        findings.add(modes(alone));
        results
            .find(Alone.GROUP, alone.subject(), Polluted.POLLUTED)
            .ifPresent(polluted -> findings.add(pollution(alone, polluted)));
      }
    }
    for (Measurement bytes : results.group(Alone.ALLOCATION)) {
      // The VM's own bookkeeping may allocate a little once; a kernel that allocates does it
      // always.
      boolean none = bytes.median() < 1;
      findings.add(
          new Finding(
              none ? State.HEALTHY : State.UNHEALTHY,
              bytes.subject() + " allocates " + Math.round(bytes.median()) + " bytes a call"));
    }
    findings.add(vectors(results));
    return findings;
  }

  private static Finding modes(Measurement alone) {
    String who = alone.subject() + " in " + alone.forks().size() + " JVMs: ";
    if (alone.forks().size() < Bimodality.LEAST) {
      return new Finding(State.UNDECIDED, who + "too few to see two modes");
    }
    Bimodality modes = Bimodality.of(alone.forkMedians());
    if (modes.twoModes()) {
      return new Finding(
          State.UNHEALTHY,
          who
              + String.format(
                  Locale.ROOT,
                  "TWO MODES, %.4g and %.4g %s, p = %.4f",
                  modes.low(),
                  modes.high(),
                  alone.unit(),
                  modes.pValue()));
    }
    return new Finding(State.HEALTHY, who + "one mode");
  }

  private static Finding pollution(Measurement alone, Measurement polluted) {
    if (alone.forks().size() < 2 || polluted.forks().size() < 2) {
      return new Finding(
          State.UNDECIDED,
          alone.subject()
              + String.format(
                  Locale.ROOT,
                  " kept %.1f %% of its speed in a busy JVM; a verdict takes two of each",
                  100 * polluted.median() / alone.median()));
    }
    RatioInterval kept = RatioInterval.of(alone.forkMedians(), polluted.forkMedians(), CONFIDENCE);
    State state =
        kept.low() >= LEAST_POLLUTED
            ? State.HEALTHY
            : kept.high() < LEAST_POLLUTED ? State.UNHEALTHY : State.UNDECIDED;
    return new Finding(
        state,
        alone.subject()
            + String.format(
                Locale.ROOT,
                " in a busy JVM keeps %.1f %% of its speed (%.1f to %.1f)",
                100 * kept.ratio(),
                100 * kept.low(),
                100 * kept.high()));
  }

  private static Finding vectors(Results results) {
    if (Platform.current().vectorBits() == 0) {
      return new Finding(State.UNDECIDED, "the scalar twin runs, without vectors");
    }
    double bits = results.group(CODE).stream().mapToDouble(m -> m.fact("bits")).max().orElse(0);
    if (bits > 0) {
      boolean right = bits == Platform.current().vectorBits();
      return new Finding(
          right ? State.HEALTHY : State.UNHEALTHY,
          "vector instructions, read off the machine code: " + (int) bits + " bits");
    }
    return new Finding(
        State.UNDECIDED, "vector instructions: this JVM prints no machine code that could be read");
  }
}
