/** What this machine can do at most, and what each kernel reaches of it. */
module dev.unroll.bench {
  requires static org.jspecify;
  requires static jdk.incubator.vector;
  requires dev.unroll.core;
  requires dev.unroll.testing;
  requires com.google.gson;
  requires info.picocli;
  requires java.desktop;
  requires java.management;
  requires jdk.management;
  requires jmh.core;
  requires me.tongfei.progressbar;
  requires org.apache.commons.statistics.distribution;
  requires org.knowm.xchart;

  // Peers with an interface in Java; the build's profile "peers" compiles them.
  uses dev.unroll.bench.peer.JavaPeers;

  // Reflection: picocli fills options, Gson reads records, JMH runs benchmarks.
  opens dev.unroll.bench to
      info.picocli,
      jmh.core;
  opens dev.unroll.bench.health to
      com.google.gson;
  opens dev.unroll.bench.machine to
      com.google.gson;
  opens dev.unroll.bench.matmul to
      com.google.gson;
  opens dev.unroll.bench.probe to
      com.google.gson;
  opens dev.unroll.bench.recurrent to
      com.google.gson;
  opens dev.unroll.bench.report to
      com.google.gson;
  opens dev.unroll.bench.results to
      com.google.gson;
}
