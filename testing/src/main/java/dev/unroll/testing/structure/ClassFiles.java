package dev.unroll.testing.structure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Compiled classes, parsed and ready to be judged. */
public final class ClassFiles {

  private final List<ClassModel> types;

  private ClassFiles(List<ClassModel> types) {
    this.types = List.copyOf(types);
  }

  /**
   * All classes in a folder and its subfolders, in the order of their paths.
   *
   * @throws UncheckedIOException when the folder cannot be read
   */
  public static ClassFiles under(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<ClassModel> types = new ArrayList<>();
      for (Path path : paths.filter(each -> each.toString().endsWith(".class")).sorted().toList()) {
        types.add(ClassFile.of().parse(path));
      }
      return new ClassFiles(types);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * The class files of classes that can be loaded.
   *
   * @throws IllegalArgumentException when a class has no file, as hidden classes and arrays have
   *     none
   */
  public static ClassFiles of(Class<?>... classes) {
    List<ClassModel> types = new ArrayList<>();
    for (Class<?> each : classes) {
      String file = each.getName().substring(each.getName().lastIndexOf('.') + 1) + ".class";
      try (InputStream bytes = each.getResourceAsStream(file)) {
        if (bytes == null) {
          throw new IllegalArgumentException("no class file for " + each.getName());
        }
        types.add(ClassFile.of().parse(bytes.readAllBytes()));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return new ClassFiles(types);
  }

  /** One class that is given by its bytes. */
  public static ClassFiles of(byte[] classFile) {
    return new ClassFiles(List.of(ClassFile.of().parse(classFile)));
  }

  /** How many classes there are. */
  public int size() {
    return types.size();
  }

  /** The packages of these classes, with dots, each once. */
  public List<String> packages() {
    return types.stream().map(TypeNames::packageOf).distinct().sorted().toList();
  }

  /** Everything in these classes that breaks the rule, one line each. */
  public List<String> breaches(StructureRule rule) {
    return types.stream().flatMap(type -> rule.breaches(type).stream()).toList();
  }

  /**
   * Fails with a list of all breaches.
   *
   * @throws AssertionError when a class breaks the rule, or when there is no class to judge, since
   *     then nothing would be tested
   */
  public void mustKeep(StructureRule rule) {
    if (types.isEmpty()) {
      throw new AssertionError("no class files to judge");
    }
    List<String> breaches = breaches(rule);
    if (!breaches.isEmpty()) {
      throw new AssertionError(String.join(System.lineSeparator(), breaches));
    }
  }
}
