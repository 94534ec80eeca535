package dev.unroll.bench;

import dev.unroll.bench.report.Progress;
import dev.unroll.bench.study.Studies;
import dev.unroll.bench.study.Study;
import dev.unroll.bench.study.StudyPage;
import dev.unroll.bench.study.StudyResult;
import dev.unroll.bench.study.temporal.LongTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The models of the vanishing gradient, run, drawn and compared with what is known of them. */
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    description = {
      "Runs studies of gradient flow: tables of expected and measured figures, and one HTML page "
          + "with their pictures.",
      "network-model, doya, geometry, lyapunov, isometry, diagnosis: these are \"all\"."
          + " temporal-order trains networks for minutes.",
      "Exit code 1 when a figure is outside its tolerance."
    })
final class StudyCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "Studies, or all. Default: all.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--page",
      paramLabel = "FILE",
      defaultValue = "studies.html",
      description = "The page with tables and pictures. Default: ${DEFAULT-VALUE}.")
  Path page = Path.of("studies.html");

  @Option(
      names = "--long",
      paramLabel = "LOG",
      description =
          "Instead: temporal order on random lengths from 50 to 200 until there is no error, then "
              + "tested up to length 5000. Takes half an hour or much more; its progress goes to "
              + "this file.")
  @Nullable Path longLog;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the long run. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Spec @Nullable CommandSpec spec;

  /** Whether the study that runs has told of a part. */
  private boolean begun;

  @Override
  public Integer call() throws IOException {
    if (longLog != null) {
      System.out.print(new LongTraining(longLog, seed).run());
      return 0;
    }
    List<Study> wanted = wanted();
    List<StudyResult> results = new ArrayList<>();
    for (Study study : wanted) {
      begun = false;
      try (Progress progress = new Progress("Study " + study.name(), study.parts())) {
        results.add(study.run(part -> next(progress, part)));
        progress.step();
      }
      System.out.println("\n" + results.getLast().describe());
    }
    Files.writeString(page, StudyPage.of(results));
    System.out.println("Pictures: " + page);
    return results.stream().allMatch(StudyResult::passed) ? 0 : 1;
  }

  /** A part begins, so the one before it is done. */
  private void next(Progress progress, String part) {
    if (begun) {
      progress.step();
    }
    begun = true;
    progress.next(part);
  }

  private List<Study> wanted() {
    List<Study> wanted = new ArrayList<>();
    for (String name : names.isEmpty() ? List.of("all") : names) {
      if (name.equals("all")) {
        wanted.addAll(Studies.quick());
      } else {
        wanted.add(
            Studies.all().stream()
                .filter(study -> study.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name)));
      }
    }
    return wanted;
  }

  private RuntimeException unknown(String name) {
    String known = String.join(", ", Studies.all().stream().map(Study::name).toList());
    String message = "no study \"" + name + "\": there are " + known + ", and all";
    return spec == null
        ? new IllegalArgumentException(message)
        : new ParameterException(spec.commandLine(), message);
  }
}
