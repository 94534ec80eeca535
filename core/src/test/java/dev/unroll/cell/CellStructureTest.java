package dev.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.structure.ClassFiles;
import dev.unroll.testing.structure.StructureRule;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A call of a cell waits for nobody: threads are the business of {@code internal.parallel}. */
@Tag("once")
final class CellStructureTest {

  private static final StructureRule LOCKS_NOTHING =
      type -> {
        List<String> breaches = new ArrayList<>();
        String name = type.thisClass().asInternalName();
        for (MethodModel method : type.methods()) {
          boolean locks = method.flags().has(AccessFlag.SYNCHRONIZED);
          for (CodeElement element :
              method.code().map(Iterable::spliterator).stream()
                  .flatMap(elements -> java.util.stream.StreamSupport.stream(elements, false))
                  .toList()) {
            locks |= element instanceof MonitorInstruction;
          }
          if (locks) {
            breaches.add(name + "." + method.methodName().stringValue() + " locks");
          }
        }
        for (PoolEntry entry : type.constantPool()) {
          if (entry instanceof ClassEntry used
              && used.asInternalName().startsWith("java/util/concurrent/")) {
            breaches.add(name + " uses " + used.asInternalName());
          }
        }
        return breaches;
      };

  @Test
  void cellsLockNothing() throws URISyntaxException {
    Path classes = Path.of(Cell.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ClassFiles cells = ClassFiles.under(classes.resolve("dev/unroll/cell"));
    assertTrue(cells.packages().contains("dev.unroll.cell"), cells.packages().toString());
    cells.mustKeep(LOCKS_NOTHING);
  }

  @Test
  void aLockWouldBeSeen() {
    assertTrue(breaches(Synchronized.class).contains("locks"));
    assertTrue(breaches(Monitor.class).contains("locks"));
    assertTrue(breaches(Concurrent.class).contains("java/util/concurrent/locks"));
  }

  private static String breaches(Class<?> type) {
    AssertionError seen =
        org.junit.jupiter.api.Assertions.assertThrows(
            AssertionError.class, () -> ClassFiles.of(type).mustKeep(LOCKS_NOTHING));
    return String.valueOf(seen.getMessage());
  }

  /** Takes a lock in each of the ways that there are; seen, not called. */
  @SuppressWarnings("UnusedMethod")
  private static final class Synchronized {
    synchronized int call() {
      return 1;
    }
  }

  @SuppressWarnings("UnusedMethod")
  private static final class Monitor {
    int call() {
      synchronized (this) {
        return 1;
      }
    }
  }

  @SuppressWarnings("UnusedVariable")
  private static final class Concurrent {
    final java.util.concurrent.locks.ReentrantLock lock =
        new java.util.concurrent.locks.ReentrantLock();
  }
}
