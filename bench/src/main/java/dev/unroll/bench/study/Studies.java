package dev.unroll.bench.study;

import dev.unroll.bench.study.temporal.TemporalOrderStudy;
import java.util.List;
import java.util.stream.Stream;

/** All studies. */
public final class Studies {

  private static final List<Study> QUICK =
      List.of(
          new NetworkModelStudy(),
          new DoyaStudy(),
          new GeometryStudy(),
          new LyapunovStudy(),
          new IsometryStudy(),
          new DiagnosisStudy());

  private Studies() {}

  /** Those that together take less than two minutes. */
  public static List<Study> quick() {
    return QUICK;
  }

  /** All of them. */
  public static List<Study> all() {
    return Stream.concat(QUICK.stream(), Stream.of(new TemporalOrderStudy())).toList();
  }
}
