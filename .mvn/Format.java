import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs google-java-format over folders of sources: {@code check FOLDER...} fails when a file is not
 * as the formatter would write it, {@code fix FOLDER...} rewrites it.
 *
 * <p>A program of its own and not a Maven plugin, because the formatter understands the Java of the
 * JDK that runs it, and Maven itself may run on an older one.
 */
final class Format {

  public static void main(String[] args) throws IOException, FormatterException {
    boolean fix = args[0].equals("fix");
    Formatter formatter = new Formatter();
    List<Path> wrong = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      Path root = Path.of(args[i]);
      if (!Files.isDirectory(root)) {
        continue;
      }
      List<Path> sources;
      try (Stream<Path> found = Files.walk(root)) {
        sources = found.filter(path -> path.toString().endsWith(".java")).sorted().toList();
      }
      for (Path source : sources) {
        String before = Files.readString(source);
        String after;
        try {
          after = formatter.formatSourceAndFixImports(before);
        } catch (FormatterException notJava) {
          throw new IllegalStateException(source + ": " + notJava.getMessage(), notJava);
        }
        if (!after.equals(before)) {
          wrong.add(source);
          if (fix) {
            Files.writeString(source, after);
          }
        }
      }
    }
    wrong.forEach(path -> System.out.println((fix ? "formatted " : "not formatted: ") + path));
    if (!fix && !wrong.isEmpty()) {
      System.out.println("Format them: mvn -q -Pformat validate");
      System.exit(1);
    }
  }
}
