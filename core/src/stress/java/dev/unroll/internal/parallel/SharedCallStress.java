package dev.unroll.internal.parallel;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** One caller and one helper of a split call, in every interleaving that the machine finds. */
public class SharedCallStress {

  private SharedCallStress() {}

  /** Each part runs once, and the caller sees what the helper wrote without synchronization. */
  @JCStressTest
  @State
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "each part once, seen by the caller")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a part twice, never, or not seen")
  public static class EachPartOnce {
    private final SharedCall call = new SharedCall();
    private final int[] plain = new int[2];

    @Actor
    public void caller(II_Result r) {
      call.open(2, part -> plain[part]++);
      call.help();
      call.finish();
      r.r1 = plain[0];
      r.r2 = plain[1];
    }

    @Actor
    public void helper() {
      call.help();
    }
  }

  /** A helper that comes late finds the parts of the call that is open, and none of another. */
  @JCStressTest
  @State
  @Outcome(id = "1, 1, 2, 2", expect = Expect.ACCEPTABLE, desc = "each part of each call once")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a claim of one call held against another")
  public static class OneCallAfterAnother {
    private final SharedCall call = new SharedCall();
    private final int[] first = new int[2];
    private final int[] second = new int[2];

    @Actor
    public void caller(IIII_Result r) {
      call.open(2, part -> first[part]++);
      call.help();
      call.finish();
      r.r1 = first[0];
      r.r2 = first[1];
      call.open(2, part -> second[part] += 2);
      call.help();
      call.finish();
      r.r3 = second[0];
      r.r4 = second[1];
    }

    @Actor
    public void helper() {
      call.help();
      call.help();
    }
  }

  /** The caller does nothing but wait: only for what the helper has begun, and all of it. */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, 0", "1, 1", "2, 2"},
      expect = Expect.ACCEPTABLE,
      desc = "nothing after it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a part ran on after the call was cancelled")
  public static class NothingAfterCancelling {
    private final SharedCall call = new SharedCall();
    private final int[] plain = new int[2];

    @Actor
    public void caller(II_Result r) {
      call.open(2, part -> plain[part]++);
      call.cancel();
      r.r1 = plain[0] + plain[1];
    }

    @Actor
    public void helper() {
      call.help();
    }

    @Arbiter
    public void afterwards(II_Result r) {
      r.r2 = plain[0] + plain[1];
    }
  }

  /** What a part throws reaches the caller, whoever ran it. */
  @JCStressTest
  @State
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "thrown, after the other part")
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost, or thrown before the other part was done")
  public static class WhatIsThrownIsNotLost {
    private final SharedCall call = new SharedCall();
    private final int[] plain = new int[1];

    @Actor
    public void caller(II_Result r) {
      call.open(
          2,
          part -> {
            if (part == 0) {
              throw new IllegalStateException("part 0");
            }
            plain[0]++;
          });
      call.help();
      try {
        call.finish();
      } catch (IllegalStateException thrown) {
        r.r1 = 1;
      }
      r.r2 = plain[0];
    }

    @Actor
    public void helper() {
      call.help();
    }
  }
}
