package dev.unroll.testing.structure;

import java.lang.classfile.ClassModel;
import java.util.List;

/** A rule that each class, on its own, keeps or breaks. */
@FunctionalInterface
public interface StructureRule {

  /** What breaks the rule in this class, one line for each breach; empty when nothing does. */
  List<String> breaches(ClassModel type);
}
