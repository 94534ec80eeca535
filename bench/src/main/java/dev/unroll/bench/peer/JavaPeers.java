package dev.unroll.bench.peer;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.recurrent.RecurrentContender;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * A peer with an interface in Java, whether the code behind it is Java or native. Compiled by the
 * build's {@code peers} profile alone, from {@code src/peers}, so that no other build needs its
 * artifacts.
 */
public interface JavaPeers {

  /** A line about the library: version, threading. */
  String describe(int threads);

  /** Its ways of multiplying matrices. */
  default List<MatmulContender> matmulContenders() {
    return List.of();
  }

  /** Its ways of running a recurrent layer. */
  default List<RecurrentContender> recurrentContenders() {
    return List.of();
  }

  /** A call that computes nothing, where there is a border to cross. */
  default List<EmptyCall> emptyCalls(int threads) {
    return List.of();
  }

  /** Those that are on the class path. */
  static List<JavaPeers> all() {
    List<JavaPeers> found = new ArrayList<>();
    try {
      for (JavaPeers peer : ServiceLoader.load(JavaPeers.class)) {
        found.add(peer);
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      // Classes of an earlier build with the profile, without the artifacts: as good as absent.
      return List.of();
    }
    return found;
  }
}
