package dev.unroll.bench.recurrent;

import dev.unroll.bench.report.LeftOut;
import dev.unroll.testing.reference.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Equal work, proven before anything is timed: outputs and gradients of each contender are compared
 * with a reference in double precision on a few steps and rows of the layer, and on the whole layer
 * with those of the first contender.
 */
public final class Proof {

  private final Task task;
  private final Layer layer;
  private final Layer reduced;
  private final Map<String, double[]> exact;
  private @Nullable Map<String, double[]> first;
  private String firstName = "";

  public Proof(Task task) {
    this.task = task;
    layer = layer(task);
    reduced = layer(task.reduced());
    exact = Exact.results(task.reduced(), reduced);
  }

  /** Steps are also taken with weights in bfloat16: then no library has others. */
  private static Layer layer(Task task) {
    Layer layer = Layer.random(task.cell(), task.shape());
    return task.pass() == Pass.STEP ? layer.representable() : layer;
  }

  /**
   * Gives all of them the task and runs it. A peer whose results are wrong is closed and
   * {@linkplain LeftOut left out}.
   *
   * @param leftOut takes what is wrong with each peer that is left out
   * @return those that are right, in their order
   * @throws IllegalStateException when our own results or those of the plain loops are wrong
   */
  List<RecurrentContender> prepareAndCheck(List<RecurrentContender> field, List<String> leftOut) {
    // Peers come last: on the whole layer all are compared with the first, who must not be wrong.
    field.stream().filter(c -> !isPeer(c)).forEach(this::prepareAndCheck);
    List<RecurrentContender> right = new ArrayList<>(field);
    right.removeIf(c -> isPeer(c) && isWrong(c, leftOut));
    return right;
  }

  private static boolean isPeer(RecurrentContender contender) {
    return RecurrentResult.isPeer(contender.library());
  }

  private boolean isWrong(RecurrentContender peer, List<String> leftOut) {
    try {
      prepareAndCheck(peer);
      return false;
    } catch (IllegalStateException e) {
      leftOut.add(LeftOut.line(e));
      peer.close();
      return true;
    }
  }

  /**
   * Gives a contender the task and runs it.
   *
   * @throws IllegalStateException when its results are wrong
   */
  public void prepareAndCheck(RecurrentContender contender) {
    String name = contender.library() + " (" + contender.variant() + ")";
    compare(run(contender, task.reduced(), reduced), name, exact, "the reference", task.reduced());
    Map<String, double[]> results = run(contender, task, layer);
    Map<String, double[]> others = first;
    if (others == null) {
      first = results;
      firstName = name;
    } else {
      compare(results, name, others, firstName, task);
    }
  }

  private static Map<String, double[]> run(RecurrentContender contender, Task task, Layer layer) {
    contender.prepare(task, layer);
    int runs = task.pass() == Pass.STEP ? task.shape().steps() : 1;
    for (int i = 0; i < runs; i++) {
      contender.run();
    }
    Map<String, double[]> results = new TreeMap<>();
    results.put("h", Tensor.widen(contender.outputs()));
    if (task.pass() == Pass.TRAINING) {
      Gradients d = contender.gradients();
      results.put("dx", Tensor.widen(d.dx()));
      results.put("dW", Tensor.widen(d.dW()));
      results.put("dR", Tensor.widen(d.dR()));
      results.put("dInputBias", Tensor.widen(d.dInputBias()));
      results.put("dRecurrentBias", Tensor.widen(d.dRecurrentBias()));
    }
    return results;
  }

  private static void compare(
      Map<String, double[]> got,
      String who,
      Map<String, double[]> expected,
      String whose,
      Task task) {
    expected.forEach(
        (name, values) -> {
          double[] mine = got.get(name);
          if (mine == null || mine.length != values.length) {
            throw new IllegalStateException(who + " returns no " + name + " for " + task);
          }
          double largest = 0;
          for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
          }
          double allowed = limit(task) * largest;
          for (int i = 0; i < values.length; i++) {
            if (!(Math.abs(mine[i] - values[i]) <= allowed)) {
              throw new IllegalStateException(
                  who
                      + " and "
                      + whose
                      + " differ at "
                      + task
                      + ", "
                      + task.pass().title()
                      + ", "
                      + name
                      + "["
                      + i
                      + "]: "
                      + mine[i]
                      + " and "
                      + values[i]
                      + ", allowed difference "
                      + allowed);
            }
          }
        });
  }

  /**
   * Share of the largest element by which two results may differ: the limit of the numerical
   * contract for gradients, 1e-6 sqrt(T H), for each of the two. Another order of the gates or
   * another dialect is off by orders of magnitude more.
   */
  private static double limit(Task task) {
    return 2e-6 * Math.sqrt((double) task.shape().steps() * task.shape().units());
  }
}
