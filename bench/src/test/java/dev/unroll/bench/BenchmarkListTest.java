package dev.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What the annotation processor of JMH has written down. */
class BenchmarkListTest {

  @Test
  void everyBenchmarkIsListed() {
    Set<String> names = new TreeSet<>();
    BenchmarkList.defaultList()
        .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
        .forEach(entry -> names.add(entry.getUsername().replaceFirst(".*\\.(?=\\w+\\.)", "")));
    for (String wanted :
        List.of(
            "ActivationsBenchmark.mathLoop",
            "ActivationsBenchmark.ours",
            "MatmulBenchmark.naive",
            "MatmulBenchmark.packed",
            "RecurrentBenchmark.bf16",
            "RecurrentBenchmark.naive",
            "RecurrentBenchmark.ours",
            "StackBenchmark.forward",
            "StackBenchmark.training",
            "TransposesBenchmark.naive",
            "TransposesBenchmark.ours")) {
      assertTrue(names.contains(wanted), () -> wanted + " is not in " + names);
    }
  }
}
