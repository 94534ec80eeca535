package dev.unroll.testing.structure;

import java.lang.classfile.Annotation;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names, with dots, of the types that a class file mentions. */
final class TypeNames {

  /** The class part of a field or method descriptor, or of a generic signature. */
  private static final Pattern CLASS = Pattern.compile("L([\\w/$]+)");

  private TypeNames() {}

  static String nameOf(ClassModel type) {
    return type.thisClass().asInternalName().replace('/', '.');
  }

  static String packageOf(ClassModel type) {
    return packageOf(nameOf(type));
  }

  static String packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }

  /**
   * Every type in the code, in members' descriptors, in generic signatures and in annotations. A
   * constant that was inlined by the compiler leaves no trace, and neither does a name in a string.
   */
  static Set<String> mentionedIn(ClassModel type) {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : type.constantPool()) {
      switch (entry) {
        case ClassEntry mentioned -> addClass(mentioned.asInternalName(), names);
        case NameAndTypeEntry member -> addDescriptor(member.type().stringValue(), names);
        case MethodTypeEntry method -> addDescriptor(method.descriptor().stringValue(), names);
        default -> {
          // The others hold names and values, or point at the ones above.
        }
      }
    }
    addAttributes(type, names);
    type.fields()
        .forEach(
            field -> {
              addDescriptor(field.fieldType().stringValue(), names);
              addAttributes(field, names);
            });
    type.methods()
        .forEach(
            method -> {
              addDescriptor(method.methodType().stringValue(), names);
              addAttributes(method, names);
            });
    return names;
  }

  private static void addAttributes(AttributedElement element, Set<String> names) {
    element
        .findAttribute(Attributes.signature())
        .ifPresent(signature -> addDescriptor(signature.signature().stringValue(), names));
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(all -> all.annotations().forEach(one -> addAnnotation(one, names)));
    element
        .findAttribute(Attributes.runtimeInvisibleAnnotations())
        .ifPresent(all -> all.annotations().forEach(one -> addAnnotation(one, names)));
    element
        .findAttribute(Attributes.record())
        .ifPresent(record -> record.components().forEach(part -> addAttributes(part, names)));
  }

  private static void addAnnotation(Annotation annotation, Set<String> names) {
    addDescriptor(annotation.className().stringValue(), names);
  }

  private static void addClass(String internalName, Set<String> names) {
    if (internalName.startsWith("[")) {
      addDescriptor(internalName, names);
    } else {
      names.add(internalName.replace('/', '.'));
    }
  }

  private static void addDescriptor(String descriptor, Set<String> names) {
    Matcher matcher = CLASS.matcher(descriptor);
    while (matcher.find()) {
      names.add(matcher.group(1).replace('/', '.'));
    }
  }
}
