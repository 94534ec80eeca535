package dev.unroll.testing.mutation;

import dev.unroll.testing.jvm.Jdk;
import dev.unroll.testing.jvm.Outcome;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Plants mutations and runs a program, mostly the tests, against each mutant. */
public final class Mutants {

  private final Path sources;
  private final String classPath;
  private final Path work;
  private final List<String> compilerOptions = new ArrayList<>();

  private Mutants(Path sources, String classPath, Path work) {
    this.sources = sources;
    this.classPath = classPath;
    this.work = work;
  }

  /**
   * Mutants of classes.
   *
   * @param sources the folder of their sources
   * @param classPath what the sources and the program need, the right classes included
   * @param work a folder for sources, classes and output
   */
  public static Mutants of(Path sources, String classPath, Path work) {
    return new Mutants(sources, classPath, work);
  }

  /** More options for the compiler. */
  public Mutants compiler(String... options) {
    compilerOptions.addAll(List.of(options));
    return this;
  }

  /** Whether the snippet still occurs in the source, once; see {@link Mutation#applyTo}. */
  public void mustMatch(Mutation mutation) {
    var _ = mutated(mutation);
  }

  private String mutated(Mutation mutation) {
    try {
      return mutation.applyTo(Files.readString(sources.resolve(mutation.file())));
    } catch (IOException missing) {
      throw new AssertionError(mutation.bug() + ": no source " + mutation.file(), missing);
    }
  }

  /**
   * Runs {@code java} with the mutant before all other classes.
   *
   * @param options of the JVM, without a class path
   * @param program the main class and its arguments
   * @throws AssertionError when the mutation does not match or the mutant does not compile
   */
  public Outcome run(Mutation mutation, List<String> options, List<String> program) {
    String source = mutated(mutation);
    try {
      Path folder = Files.createTempDirectory(work, "mutant");
      Path file = folder.resolve("src").resolve(mutation.file());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, source);
      Path classes = Files.createDirectories(folder.resolve("classes"));
      compile(mutation, file, classes);
      List<String> command = new ArrayList<>(options);
      command.add("-cp");
      command.add(classes + File.pathSeparator + classPath);
      command.addAll(program);
      return Jdk.java(folder, command.toArray(String[]::new));
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
  }

  private void compile(Mutation mutation, Path file, Path classes) throws IOException {
    JavaCompiler compiler =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK, not a JRE");
    List<String> options = new ArrayList<>(compilerOptions);
    options.addAll(List.of("-g", "-proc:none", "-nowarn", "-implicit:none"));
    options.addAll(List.of("-cp", classPath, "-d", classes.toString()));
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      if (!compiled) {
        throw new AssertionError(mutation.bug() + " does not compile: " + messages);
      }
    }
  }
}
